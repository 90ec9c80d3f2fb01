export { endOfDay, startOfDay } from './days.ts';
export { spend } from './limits.ts';
export { hashPassword } from './passwords.ts';
export {
  insertAffiliation,
  insertOrganisation,
  insertPerson,
  liveAffiliations,
  personByEmail,
  personById,
  type PersonRecord,
  setPasswordHash,
} from './people.sql.ts';
export { changePassword, me, nameTag, updateProfile } from './profile.ts';
export { resetMail, type ResetMail } from './reset-mail.ts';
export { createReset, requestPasswordReset, resetLink, resetPassword, resetUrl } from './resets.ts';
export { deleteSessions } from './sessions.sql.ts';
export {
  callerOf,
  openSession,
  revokeSession,
  sessions,
  signOut,
  signOutEverywhere,
  sweepSessions,
} from './sessions.ts';
export { createSetupToken, setUp, setupState } from './setup.ts';
export { signIn } from './sign-in.ts';
