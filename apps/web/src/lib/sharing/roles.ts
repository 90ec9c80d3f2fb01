import type { Role } from '@engawa/schema';
import { m } from '#lib/paraglide/messages.js';

/** Roles one may choose in the share dialog, strongest first. */
const CHOICES = ['manager', 'editor', 'suggester', 'commenter', 'viewer', 'previewer', 'uploader'] as const;
export type Choice = (typeof CHOICES)[number];

export const roleName = (role: Role): string =>
  ({
    manager: m.role_manager,
    editor: m.role_editor,
    suggester: m.role_suggester,
    commenter: m.role_commenter,
    viewer: m.role_viewer,
    previewer: m.role_previewer,
    uploader: m.role_uploader,
    participant: m.role_participant,
  })[role]();

export const roleHint = (role: Role): string =>
  ({
    manager: m.role_manager_hint,
    editor: m.role_editor_hint,
    suggester: m.role_suggester_hint,
    commenter: m.role_commenter_hint,
    viewer: m.role_viewer_hint,
    previewer: m.role_previewer_hint,
    uploader: m.role_uploader_hint,
    participant: m.role_participant_hint,
  })[role]();

/** Handing in is for places that hold files. */
export const roleOptions = (place = true): { value: Choice; label: string }[] =>
  CHOICES.filter((role) => place || role !== 'uploader').map((role) => ({
    value: role,
    label: roleName(role),
  }));
