import { resetMail } from '@engawa/domain';
import { formatDateTime } from '@engawa/i18n';
import { say } from '@engawa/i18n/say';
import type { Job } from '../job.ts';
import { sendOnce } from '../send.ts';

/** The link at which somebody whom an administrator added chooses their first password. */
export const welcomeMailJob: Job = {
  name: 'mail-welcome',
  on: ['people.added'],
  async run(tools, { ids }, id) {
    const reset = ids.reset ? await resetMail(tools.services, ids.reset) : null;
    if (!reset) return;
    const { to, locale, url, expiresAt } = reset;
    const until = formatDateTime(expiresAt, locale);
    const subject = say(locale, 'mail_welcome_subject');
    const text = say(locale, 'mail_welcome_text', { name: to.name, url, until });
    await sendOnce(tools, { id, to, subject, text, locale });
  },
};
