/** What one may do on an object: one bit each, so that a grant is one number. The order is fixed: bits are stored. */
export const CAPABILITIES = [
  'discover',
  'view',
  'download',
  'comment',
  'suggest',
  'edit',
  'upload',
  'delete',
  'share',
  'publish',
  'approve',
  'manage',
  'participate',
] as const;

export type Capability = (typeof CAPABILITIES)[number];

/** Roles are named masks for people to choose from; the mask decides. */
export const ROLE_NAMES = [
  'manager',
  'editor',
  'suggester',
  'commenter',
  'viewer',
  'previewer',
  'uploader',
  'participant',
] as const;

export type Role = (typeof ROLE_NAMES)[number];

/** Who somebody is towards one space, computed anew each time (never stored). */
export type CallerKind = 'staff' | 'guest' | 'code_guest' | 'link_visitor' | 'public';

/** The flags a row carries to the page, so that the page never computes permission itself. */
export type Abilities = Record<Capability, boolean>;
