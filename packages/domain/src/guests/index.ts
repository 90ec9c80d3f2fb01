export { acceptInvitation, openInvitation } from './accept.ts';
export {
  correctInvitation,
  INVITATION,
  invitations,
  invite,
  resendInvitation,
  withdrawInvitation,
} from './invite.ts';
export { invitationMail, invitationSent } from './invitation-mail.ts';
export { endingSoon, unanswered } from './needs.ts';
