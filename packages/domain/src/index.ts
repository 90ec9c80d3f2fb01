export * from './activity/index.ts';
export * from './backups/index.ts';
export { createCtx, deriveToken, personOf, provideServices, services } from './ctx.ts';
export type { Caller, Ctx, Services } from './ctx.ts';
export { DOORS, type Door } from './doors.ts';
export {
  appendChunk,
  attachmentNamed,
  cancelUpload,
  collectGarbage,
  fileFacts,
  filesBelow,
  filesIn,
  fileVersions,
  finishUpload,
  handInPlace,
  handInPlaces,
  imageToDraw,
  keepThumbnail,
  labelVersion,
  openFile,
  openPreview,
  openThumbnail,
  rangeOf,
  refuseThumbnail,
  restoreVersion,
  startUpload,
  uploadStatus,
} from './files/index.ts';
export type {
  Below,
  Collected,
  Entry,
  Handover,
  ImageToDraw,
  NoPicture,
  OpenFile,
  Pictures,
} from './files/index.ts';
export * from './grants/index.ts';
export * from './journal/index.ts';
export * from './ledger/index.ts';
export {
  breakIn,
  createItem,
  item,
  limitItem,
  moveItem,
  provideFolder,
  purgeExpired,
  purgeItem,
  renameItem,
  restoreItem,
  spaceHome,
  trash,
  trashItem,
  tree,
} from './items/index.ts';
export {
  callerOf,
  changePassword,
  createSetupToken,
  me,
  requestPasswordReset,
  resetLink,
  resetMail,
  resetPassword,
  resetUrl,
  revokeSession,
  sessions,
  setUp,
  setupState,
  signIn,
  signOut,
  signOutEverywhere,
  sweepSessions,
  updateProfile,
} from './people/index.ts';
export { favourites, leaveTour, recent, star, tour, unread, visit } from './marks/index.ts';
export { findByName } from './search/index.ts';
export {
  archiveSpace,
  candidates,
  createSpace,
  findPeople,
  isShownIn,
  keepable,
  membersByOrganisation,
  mySpaces,
  reopenSpace,
  updateSpace,
} from './spaces/index.ts';
export {
  acceptInvitation,
  correctInvitation,
  endingSoon,
  INVITATION,
  invitationMail,
  invitations,
  invitationSent,
  invite,
  openInvitation,
  resendInvitation,
  unanswered,
  withdrawInvitation,
} from './guests/index.ts';
export { boardHead, boardPiece, boardText, exportBoard } from './boards/index.ts';
export { createDocFromMarkdown, docHtml, docState, exportMarkdown } from './docs/index.ts';
export {
  addAffiliation,
  addPerson,
  createGroup,
  endAffiliation,
  groups,
  installation,
  leaveNode,
  noteBackup,
  organisation,
  organisations,
  outbox,
  outboxMail,
  reportNode,
  restorePerson,
  suspendPerson,
} from './admin/index.ts';
