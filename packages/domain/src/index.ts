import * as activities from './activity/index.ts';
import * as admin from './admin/index.ts';
import * as boards from './boards/index.ts';
import * as docs from './docs/index.ts';
import * as files from './files/index.ts';
import * as grants from './grants/index.ts';
import * as guests from './guests/index.ts';
import * as items from './items/index.ts';
import * as journal from './journal/index.ts';
import * as marks from './marks/index.ts';
import * as people from './people/index.ts';
import * as search from './search/index.ts';
import * as spaces from './spaces/index.ts';
import { tracedVerbs } from './traces.ts';

// Verbs leave the domain traced; where nothing is configured for it, that is one call more.
export * from './activity/index.ts';
export const { activity, lately } = tracedVerbs('activity', activities);
export * from './backups/index.ts';
export { createCtx, deriveToken, personOf, provideServices, services } from './ctx.ts';
export type { Caller, Ctx, Services } from './ctx.ts';
export { DOORS, type Door } from './doors.ts';
export { provideTracing, traced, type Attributes, type Tracing } from './traces.ts';
export const {
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
} = tracedVerbs('files', files);
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
export const { audience, block, changeGrant, grant, grantsOn, revokeGrant, unblock } = tracedVerbs(
  'grants',
  grants,
);
export * from './journal/index.ts';
export const { append, load, mergeOldEdits, repairItem } = tracedVerbs('journal', journal);
export * from './ledger/index.ts';
export const {
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
} = tracedVerbs('items', items);
export const {
  callerOf,
  changePassword,
  createSetupToken,
  me,
  nameTag,
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
} = tracedVerbs('people', people);
export const { favourites, leaveTour, recent, star, tour, unread, visit } = tracedVerbs('marks', marks);
export const { findByName } = tracedVerbs('search', search);
export const {
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
} = tracedVerbs('spaces', spaces);
export const {
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
} = tracedVerbs('guests', guests);
export const { boardHead, boardPiece, boardText, exportBoard } = tracedVerbs('boards', boards);
export const { createDocFromMarkdown, docHtml, docState, exportMarkdown } = tracedVerbs('docs', docs);
export const {
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
} = tracedVerbs('admin', admin);
