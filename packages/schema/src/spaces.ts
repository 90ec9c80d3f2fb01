import * as v from 'valibot';
import { Id } from './ids.ts';
import type { OrganisationRef, PersonRef } from './people.ts';
import type { Abilities, CallerKind, Role } from './roles.ts';
import { cleanLine, line, paragraph } from './texts.ts';

const SpaceName = line('space', 100);
const Purpose = paragraph('purpose', 1000);

export const CreateSpaceInput = v.object({
  name: SpaceName,
  purpose: v.optional(Purpose, ''),
  /** The host; needed only by staff of several host organisations. */
  organisationId: v.optional(v.nullable(Id)),
});
export const UpdateSpaceInput = v.object({
  spaceId: Id,
  name: SpaceName,
  purpose: v.optional(Purpose, ''),
  /** Whether the devices of guests may keep what they read; as it was when it is not said. */
  guestOffline: v.optional(v.boolean()),
});
export const ArchiveSpaceInput = v.object({ spaceId: Id });
/** As many as a device keeps pages, and some more; a device with more copies asks again. */
export const KEEPABLE_AT_ONCE = 200;
export const KeepableInput = v.object({ ids: v.pipe(v.array(Id), v.maxLength(KEEPABLE_AT_ONCE)) });
export const CandidatesInput = v.object({
  /** The space, or the item in it that is being shared. */
  objectId: Id,
  query: v.pipe(v.string(), v.maxLength(200, 'query.too_long'), v.transform(cleanLine)),
});

export type CreateSpaceInput = v.InferInput<typeof CreateSpaceInput>;
export type UpdateSpaceInput = v.InferInput<typeof UpdateSpaceInput>;
export type ArchiveSpaceInput = v.InferInput<typeof ArchiveSpaceInput>;
export type KeepableInput = v.InferInput<typeof KeepableInput>;
export type CandidatesInput = v.InferInput<typeof CandidatesInput>;

export interface SpaceRow {
  id: string;
  name: string;
  purpose: string;
  host: OrganisationRef;
  archivedAt: Date | null;
  /** Whether the devices of guests may keep what they read. */
  guestOffline: boolean;
  updatedAt: Date;
  /** What the caller is here. */
  kind: CallerKind;
  can: Abilities;
}

/** A space or item that the device of whoever asks may keep, until then. */
export interface Keepable {
  id: string;
  until: Date | null;
}

export interface Member extends PersonRef {
  post: string;
  /** Null for whoever holds only parts of the space, or a mask of its own making. */
  role: Role | null;
  kind: CallerKind;
  /** Holds something in the space, not the space itself. */
  partly: boolean;
  /** End of their access, where it has one. */
  until: Date | null;
}

/** Organisations with their people here, the host first, then by ふりがな. */
export interface OrganisationMembers {
  /** Null for people without an affiliation today. */
  organisation: (OrganisationRef & { host: boolean }) | null;
  /** Set when the whole organisation, or a group of it, was let in; its people are then not listed one by one. */
  whole: { name: string; role: Role | null }[];
  people: Member[];
}

/** What happened lately is `activity`, asked for beside it. */
export interface SpaceHome {
  space: SpaceRow;
  can: Abilities;
  /** Empty for guests of single items: who is in the space is not theirs to know. */
  members: OrganisationMembers[];
  /** Set for guests: they see at all times whose guests they are, and until when. */
  guest: { until: Date | null; host: OrganisationRef } | null;
}

/** Someone, or some organisation or group, that may be given access. */
export interface Candidate {
  kind: 'person' | 'organisation' | 'group';
  id: string;
  name: string;
  kana: string;
  organisation: string;
  post: string;
}
