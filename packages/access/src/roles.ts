import { ROLE_NAMES, type CallerKind, type Role } from '@engawa/schema';
import { ALL, maskOf } from './capabilities.ts';

const PREVIEW = maskOf('discover', 'view');
const VIEW = PREVIEW | maskOf('download');
const COMMENT = VIEW | maskOf('comment');
const SUGGEST = COMMENT | maskOf('suggest');
const EDIT = SUGGEST | maskOf('edit', 'upload', 'delete');

/** Roles are named masks. An uploader sees nothing; a participant is in a workshop only. */
export const ROLES: Record<Role, number> = {
  manager: EDIT | maskOf('share', 'publish', 'approve', 'manage'),
  editor: EDIT,
  suggester: SUGGEST,
  commenter: COMMENT,
  viewer: VIEW,
  previewer: PREVIEW,
  uploader: maskOf('upload'),
  participant: maskOf('participate'),
};

/** The role whose mask this is, or null for a mask of somebody's own making. */
export function roleOf(mask: number): Role | null {
  return ROLE_NAMES.find((role) => ROLES[role] === mask) ?? null;
}

/** What each kind of caller may hold at the most in a space that says nothing else. */
export const DEFAULT_CEILINGS: Record<CallerKind, number> = {
  staff: ALL,
  guest: ALL & ~maskOf('publish', 'approve', 'manage'),
  code_guest: COMMENT | maskOf('upload', 'participate'),
  link_visitor: EDIT & ~maskOf('delete'),
  public: VIEW,
};

/** What is left of any mask in an archived space: reading, and taking it out of the archive. */
export const ARCHIVED = VIEW | maskOf('manage');
