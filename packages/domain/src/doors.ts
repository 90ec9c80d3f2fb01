import type { Capability, ObjectKind } from '@engawa/schema';

/**
 * A door: one way in. `asks` is the capability it asks for on the object, or
 * `self` (it concerns only the caller's own things), `anyone` (a token or nothing is asked; its own test says why),
 * `follower` (the program itself calls it; no request reaches it).
 */
export interface Door {
  /** `<feature>.<verb>`: the exported verb, or `sync.connect`, `live.watch` for doors outside the domain. */
  door: string;
  asks: Capability | 'self' | 'anyone' | 'follower';
  on: ObjectKind | 'grant' | 'invitation' | 'none';
  /** Sees what lies in the trash. */
  trashed?: true;
}

/** Every door of the house. One that is missing here fails the tests, and so does one that leads nowhere. */
export const DOORS: readonly Door[] = [
  { door: 'activity.activity', asks: 'discover', on: 'space' },
  { door: 'admin.addAffiliation', asks: 'manage', on: 'organisation' },
  { door: 'admin.addPerson', asks: 'manage', on: 'organisation' },
  { door: 'admin.createGroup', asks: 'manage', on: 'organisation' },
  { door: 'admin.endAffiliation', asks: 'manage', on: 'organisation' },
  { door: 'admin.groups', asks: 'manage', on: 'organisation' },
  { door: 'admin.organisation', asks: 'manage', on: 'organisation' },
  { door: 'admin.organisations', asks: 'self', on: 'none' },
  { door: 'admin.outbox', asks: 'self', on: 'none' },
  { door: 'admin.outboxMail', asks: 'self', on: 'none' },
  { door: 'admin.restorePerson', asks: 'manage', on: 'organisation' },
  { door: 'admin.suspendPerson', asks: 'manage', on: 'organisation' },
  { door: 'docs.createDocFromMarkdown', asks: 'edit', on: 'item' },
  { door: 'docs.docHtml', asks: 'view', on: 'item' },
  { door: 'docs.docState', asks: 'download', on: 'item' },
  { door: 'docs.exportMarkdown', asks: 'download', on: 'item' },
  { door: 'grants.audience', asks: 'view', on: 'item' },
  { door: 'grants.block', asks: 'manage', on: 'space' },
  { door: 'grants.changeGrant', asks: 'share', on: 'grant' },
  { door: 'grants.grant', asks: 'share', on: 'item' },
  { door: 'grants.grantsOn', asks: 'share', on: 'item' },
  { door: 'grants.revokeGrant', asks: 'share', on: 'grant' },
  { door: 'grants.unblock', asks: 'manage', on: 'space' },
  { door: 'guests.acceptInvitation', asks: 'anyone', on: 'invitation' },
  { door: 'guests.correctInvitation', asks: 'share', on: 'invitation' },
  { door: 'guests.invitationMail', asks: 'follower', on: 'invitation' },
  { door: 'guests.invitationSent', asks: 'follower', on: 'invitation' },
  { door: 'guests.invitations', asks: 'share', on: 'item' },
  { door: 'guests.invite', asks: 'share', on: 'item' },
  { door: 'guests.openInvitation', asks: 'anyone', on: 'invitation' },
  { door: 'guests.resendInvitation', asks: 'share', on: 'invitation' },
  { door: 'guests.withdrawInvitation', asks: 'share', on: 'invitation' },
  { door: 'items.breakIn', asks: 'manage', on: 'organisation' },
  { door: 'items.createItem', asks: 'edit', on: 'item' },
  { door: 'items.item', asks: 'discover', on: 'item', trashed: true },
  { door: 'items.limitItem', asks: 'manage', on: 'item' },
  { door: 'items.moveItem', asks: 'edit', on: 'item' },
  { door: 'items.purgeExpired', asks: 'follower', on: 'none' },
  { door: 'items.purgeItem', asks: 'manage', on: 'item', trashed: true },
  { door: 'items.renameItem', asks: 'edit', on: 'item' },
  { door: 'items.restoreItem', asks: 'delete', on: 'item', trashed: true },
  { door: 'items.spaceHome', asks: 'discover', on: 'space' },
  { door: 'items.trash', asks: 'discover', on: 'space', trashed: true },
  { door: 'items.trashItem', asks: 'delete', on: 'item' },
  { door: 'items.tree', asks: 'discover', on: 'space' },
  { door: 'live.watch', asks: 'discover', on: 'space' },
  { door: 'people.callerOf', asks: 'anyone', on: 'none' },
  { door: 'people.changePassword', asks: 'self', on: 'none' },
  { door: 'people.createSetupToken', asks: 'follower', on: 'none' },
  { door: 'people.me', asks: 'self', on: 'none' },
  { door: 'people.requestPasswordReset', asks: 'anyone', on: 'none' },
  { door: 'people.resetLink', asks: 'follower', on: 'none' },
  { door: 'people.resetMail', asks: 'follower', on: 'none' },
  { door: 'people.resetPassword', asks: 'anyone', on: 'none' },
  { door: 'people.resetUrl', asks: 'follower', on: 'none' },
  { door: 'people.revokeSession', asks: 'self', on: 'none' },
  { door: 'people.sessions', asks: 'self', on: 'none' },
  { door: 'people.setUp', asks: 'anyone', on: 'none' },
  { door: 'people.setupState', asks: 'anyone', on: 'none' },
  { door: 'people.signIn', asks: 'anyone', on: 'none' },
  { door: 'people.signOut', asks: 'self', on: 'none' },
  { door: 'people.signOutEverywhere', asks: 'self', on: 'none' },
  { door: 'people.sweepSessions', asks: 'follower', on: 'none' },
  { door: 'people.updateProfile', asks: 'self', on: 'none' },
  { door: 'spaces.archiveSpace', asks: 'manage', on: 'space' },
  { door: 'spaces.candidates', asks: 'share', on: 'item' },
  { door: 'spaces.createSpace', asks: 'self', on: 'none' },
  { door: 'spaces.membersByOrganisation', asks: 'view', on: 'space' },
  { door: 'spaces.mySpaces', asks: 'self', on: 'none' },
  { door: 'spaces.reopenSpace', asks: 'manage', on: 'space' },
  { door: 'spaces.updateSpace', asks: 'manage', on: 'space' },
  { door: 'sync.connect', asks: 'view', on: 'item' },
  { door: 'sync.write', asks: 'edit', on: 'item' },
];
