import * as v from 'valibot';
import { Id } from './ids.ts';
import type { ItemRow } from './items.ts';
import type { OrganisationRef, PersonRef } from './people.ts';
import type { Abilities, CallerKind, Role } from './roles.ts';
import { line, paragraph } from './texts.ts';

const SpaceName = line('space', 100);
const Purpose = paragraph('purpose', 1000);

export const CreateSpaceInput = v.object({
  name: SpaceName,
  purpose: v.optional(Purpose, ''),
  /** The host; needed only by staff of several host organisations. */
  organisationId: v.optional(v.nullable(Id)),
});
export const UpdateSpaceInput = v.object({ spaceId: Id, name: SpaceName, purpose: v.optional(Purpose, '') });
export const ArchiveSpaceInput = v.object({ spaceId: Id });
export const CandidatesInput = v.object({
  spaceId: Id,
  query: v.pipe(v.string(), v.maxLength(200, 'query.too_long'), v.trim()),
});

export type CreateSpaceInput = v.InferInput<typeof CreateSpaceInput>;
export type UpdateSpaceInput = v.InferInput<typeof UpdateSpaceInput>;
export type ArchiveSpaceInput = v.InferInput<typeof ArchiveSpaceInput>;
export type CandidatesInput = v.InferInput<typeof CandidatesInput>;

export interface SpaceRow {
  id: string;
  name: string;
  purpose: string;
  host: OrganisationRef;
  archivedAt: Date | null;
  updatedAt: Date;
  /** What the caller is here. */
  kind: CallerKind;
  can: Abilities;
}

export interface Member extends PersonRef {
  post: string;
  role: Role | null;
  kind: CallerKind;
  /** End of their access, where it has one. */
  until: Date | null;
}

/** Organisations with their people here, the host first, then by ふりがな. */
export interface OrganisationMembers {
  organisation: OrganisationRef & { host: boolean };
  people: Member[];
}

export interface SpaceHome {
  space: SpaceRow;
  can: Abilities;
  members: OrganisationMembers[];
  items: ItemRow[];
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
