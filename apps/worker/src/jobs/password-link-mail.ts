import { resetMail } from '@engawa/domain';
import { formatDateTime } from '@engawa/i18n';
import { say } from '@engawa/i18n/say';
import type { Job } from '../job.ts';
import { sendOnce } from '../send.ts';

/** The link at which somebody whom an administrator added chooses their first password. */
export const welcomeMailJob = passwordLinkMail('welcome', 'people.added');

/** The link at which somebody who forgot their password sets a new one. */
export const resetMailJob = passwordLinkMail('reset', 'people.reset_requested');

function passwordLinkMail(kind: 'welcome' | 'reset', verb: string): Job {
  return {
    name: `mail-${kind}`,
    on: [verb],
    async run(tools, { ids }, id) {
      const reset = ids.reset ? await resetMail(tools.services, ids.reset) : null;
      if (!reset) return;
      const { to, locale, url, expiresAt } = reset;
      const until = formatDateTime(expiresAt, locale);
      const subject = say(locale, `mail_${kind}_subject`);
      const text = say(locale, `mail_${kind}_text`, { name: to.name, url, until });
      await sendOnce(tools, { id, to, subject, text, locale });
    },
  };
}
