import * as v from 'valibot';
import { Id } from './ids.ts';
import type { AffiliationRow, OrganisationRef, PersonRef } from './people.ts';
import { Email, Kana, LastDay, line, Name, Post } from './texts.ts';

const Reason = line('reason', 500);
const GroupName = line('group', 100);

const affiliation = {
  groupId: v.optional(v.nullable(Id)),
  post: Post,
  /** First day; today when missing. */
  from: v.optional(v.nullable(LastDay)),
  /** Last day; open when missing. */
  until: v.optional(v.nullable(LastDay)),
  administrator: v.optional(v.boolean(), false),
};

export const AddPersonInput = v.object({
  organisationId: Id,
  name: Name,
  kana: Kana,
  email: Email,
  ...affiliation,
});
export const AddAffiliationInput = v.object({ organisationId: Id, personId: Id, ...affiliation });
export const EndAffiliationInput = v.object({
  affiliationId: Id,
  /** Last day; access ends at once when missing. */
  until: v.optional(v.nullable(LastDay)),
});
export const SuspendPersonInput = v.object({ organisationId: Id, personId: Id, reason: Reason });
export const RestorePersonInput = v.object({ organisationId: Id, personId: Id });
export const CreateGroupInput = v.object({ organisationId: Id, name: GroupName, kana: Kana });
export const OutboxMailInput = v.object({ id: v.pipe(v.string(), v.regex(/^[\w.@-]{1,200}$/, 'not_found')) });

/** Opens the folder of mails: how a mail is read is not the domain's to know. */
export type OpenMailbox = (folder: string) => {
  list(): Promise<OutboxRow[]>;
  read(id: string): Promise<OutboxMail | null>;
};

export type AddPersonInput = v.InferInput<typeof AddPersonInput>;
export type AddAffiliationInput = v.InferInput<typeof AddAffiliationInput>;
export type EndAffiliationInput = v.InferInput<typeof EndAffiliationInput>;
export type SuspendPersonInput = v.InferInput<typeof SuspendPersonInput>;
export type RestorePersonInput = v.InferInput<typeof RestorePersonInput>;
export type CreateGroupInput = v.InferInput<typeof CreateGroupInput>;
export type OutboxMailInput = v.InferInput<typeof OutboxMailInput>;

export interface OrganisationRow extends OrganisationRef {
  kana: string;
  host: boolean;
  people: number;
}

/** One person of an organisation, as its administrator sees them. */
export interface OrganisationPerson extends PersonRef {
  email: string;
  /** Manages the organisation's people. */
  administrator: boolean;
  suspendedAt: Date | null;
  /** Empty unless suspended. */
  suspendedReason: string;
  /** False until they have chosen a password. */
  hasPassword: boolean;
  affiliations: AffiliationRow[];
}

export interface GroupRow {
  id: string;
  name: string;
  kana: string;
  people: number;
}

export interface OrganisationPage {
  organisation: OrganisationRow;
  people: OrganisationPerson[];
  groups: GroupRow[];
}

/** A mail waiting in the folder, while no mail server is configured. */
export interface OutboxRow {
  id: string;
  to: string;
  subject: string;
  at: Date;
}

export interface OutboxMail extends OutboxRow {
  text: string;
}
