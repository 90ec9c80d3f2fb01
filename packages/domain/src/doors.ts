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
  { door: 'grants.audience', asks: 'view', on: 'item' },
  { door: 'grants.block', asks: 'manage', on: 'space' },
  { door: 'grants.changeGrant', asks: 'share', on: 'grant' },
  { door: 'grants.grant', asks: 'share', on: 'item' },
  { door: 'grants.grantsOn', asks: 'share', on: 'item' },
  { door: 'grants.revokeGrant', asks: 'share', on: 'grant' },
  { door: 'grants.unblock', asks: 'manage', on: 'space' },
  { door: 'live.watch', asks: 'discover', on: 'space' },
  { door: 'sync.connect', asks: 'view', on: 'item' },
  { door: 'sync.write', asks: 'edit', on: 'item' },
];
