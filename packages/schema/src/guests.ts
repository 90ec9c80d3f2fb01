import * as v from 'valibot';
import { Id } from './ids.ts';
import {
  LinkToken,
  type Locale,
  NewPassword,
  type OrganisationRef,
  type PersonRef,
  type SignedIn,
} from './people.ts';
import { ROLE_NAMES, type Role } from './roles.ts';
import type { ItemKind, ObjectKind } from './kinds.ts';
import { Email, Kana, LastDay, Name, optionalLine, Post } from './texts.ts';

/** Days a guest's access lasts at the most; 90 when nobody says (`GUEST_DAYS`). */
export const GUEST_DAYS_MAX = 366;
/** Days an unopened invitation can be accepted. */
export const INVITATION_DAYS = 14;

const role = v.picklist(
  ROLE_NAMES.filter((name) => name !== 'participant'),
  'invitation.role',
);

export const InviteInput = v.object({
  objectId: Id,
  email: Email,
  name: optionalLine('name', 100),
  organisation: optionalLine('name', 100),
  organisationId: v.optional(v.nullable(Id)),
  role,
  /** The last day of access; 90 days from today when missing. */
  until: v.optional(v.nullable(LastDay)),
});
export const CorrectInvitationInput = v.object({
  id: Id,
  email: Email,
  name: optionalLine('name', 100),
  role,
  until: LastDay,
});
export const InvitationIdInput = v.object({ id: Id });
export const OpenInvitationInput = v.object({ token: LinkToken });
/** Whoever is signed in with the invited address sends the token alone: the rest is known. */
export const AcceptInvitationInput = v.object({
  token: LinkToken,
  name: v.optional(Name),
  kana: Kana,
  organisation: optionalLine('name', 100),
  post: Post,
  password: v.optional(NewPassword),
});

export type InviteInput = v.InferInput<typeof InviteInput>;
export type CorrectInvitationInput = v.InferInput<typeof CorrectInvitationInput>;
export type InvitationIdInput = v.InferInput<typeof InvitationIdInput>;
export type OpenInvitationInput = v.InferInput<typeof OpenInvitationInput>;
export type AcceptInvitationInput = v.InferInput<typeof AcceptInvitationInput>;

export type InvitationState = 'open' | 'used' | 'withdrawn' | 'expired';

export interface InvitationRow {
  id: string;
  objectId: string;
  objectKind: ObjectKind;
  email: string;
  name: string;
  organisation: string;
  /** Null for a mask of somebody's own making. */
  role: Role | null;
  /** Access ends at this moment. */
  until: Date;
  /** The link can be used until then. */
  expiresAt: Date;
  state: InvitationState;
  invitedBy: PersonRef | null;
  createdAt: Date;
  /** Null until the mail has left. */
  sentAt: Date | null;
}

/** What somebody with the link sees before they accept. In any other state than `open` only the state is told. */
export type InvitationView =
  | {
      /** `replaced`: a newer link was sent. */
      state: Exclude<InvitationState, 'open'> | 'wrong' | 'replaced';
    }
  | {
      state: 'open';
      space: { id: string; name: string; purpose: string };
      object: { kind: ObjectKind; title: string };
      inviter: { name: string; organisation: string };
      host: OrganisationRef;
      name: string;
      organisation: string;
      /** True when the inviter chose the organisation, so that the guest does not. */
      organisationFixed: boolean;
      role: Role | null;
      until: Date;
      email: string;
      /** The address belongs to a person already: they sign in instead of choosing a password. */
      hasAccount: boolean;
      /** Who is signed in in this browser, towards the invitation. */
      signedIn: 'nobody' | 'same' | 'other';
    };

/** Where an accepted invitation leads. */
export interface Accepted {
  /** The new session; null when the person was signed in already. */
  session: SignedIn | null;
  /** The page of what they were invited to. */
  path: string;
  spaceId: string;
  objectId: string;
  objectKind: ObjectKind;
}

/** What the mail with the link is written from. */
export interface InvitationMail {
  to: { name: string; address: string };
  sending: number;
  inviter: { name: string; organisation: string };
  host: string;
  space: string;
  object: { kind: ObjectKind; title: string };
  role: Role | null;
  until: Date;
  expiresAt: Date;
  url: string;
  locale: Locale;
}

/** Days before the end of a guest's access in which their host is told. */
export const ENDING_DAYS = 14;

/** An invitation that the reader sent and nobody has taken. */
export interface Unanswered {
  id: string;
  email: string;
  name: string;
  spaceId: string;
  spaceName: string;
  /** Title of the item; null when it is for the whole space. */
  title: string | null;
  itemId: string | null;
  itemKind: ItemKind | null;
  /** The link has ended unused. */
  expired: boolean;
  expiresAt: Date;
}

/** A guest whose access ends soon. */
export interface Ending {
  /** Of the grant. */
  id: string;
  name: string;
  organisation: string;
  until: Date;
  spaceId: string;
  spaceName: string;
  /** Title of the item; null when it is the whole space. */
  title: string | null;
}
