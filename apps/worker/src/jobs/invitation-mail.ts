import { accessOf, invitationMail, invitationSent } from '@engawa/domain';
import { formatDate, formatDateTime } from '@engawa/i18n';
import { say } from '@engawa/i18n/say';
import type { InvitationMail } from '@engawa/schema';
import type { Job } from '../job.ts';
import { sendOnce } from '../send.ts';

/** The link by which a guest comes in. Not sent when the inviter may not share any more, or a newer one was asked for. */
export const invitationMailJob: Job = {
  name: 'mail-invitation',
  on: ['guests.invited', 'guests.resent'],
  async run(tools, { objectId, ids, actor }, job) {
    const mail = await invitationMail(tools.services, objectId);
    if (!mail || !actor || !ids.object) return;
    const access = await accessOf(tools.ctx(actor), ids.object);
    if (!access?.can.share) {
      return tools.log.info({ job }, 'an invitation was not sent: its inviter may not share there any more');
    }
    const { sending, to, locale } = mail;
    const id = `invitation-${objectId}-${sending}`;
    const letter = { id, to, subject: subjectOf(mail), text: textOf(mail), locale };
    if (await sendOnce(tools, letter)) await invitationSent(tools.services, { id: objectId, sending });
  },
};

function subjectOf({ locale, space, inviter }: InvitationMail): string {
  return say(locale, 'mail_invitation_subject', {
    space,
    inviter: inviter.name,
    organisation: inviter.organisation,
  });
}

function textOf(mail: InvitationMail): string {
  const { locale, inviter, host, space, url } = mail;
  const { name } = mail.to;
  return say(locale, name ? 'mail_invitation_text' : 'mail_invitation_text_unnamed', {
    name,
    inviter: inviter.name,
    organisation: inviter.organisation || host,
    space,
    object: objectOf(mail),
    role: roleOf(mail),
    until: formatDate(mail.until, locale),
    expires: formatDateTime(mail.expiresAt, locale),
    url,
  });
}

function objectOf({ locale, object }: InvitationMail): string {
  return object.kind === 'space'
    ? say(locale, 'mail_object_space')
    : say(locale, 'mail_object_item', { title: object.title });
}

function roleOf({ locale, role }: InvitationMail): string {
  if (!role) return say(locale, 'mail_role_other');
  return say(locale, 'mail_role', {
    role: say(locale, `role_${role}`),
    hint: say(locale, `role_${role}_hint`),
  });
}
