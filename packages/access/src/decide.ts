import type { CallerKind, Capability } from '@engawa/schema';
import { can } from './capabilities.ts';
import { ARCHIVED, DEFAULT_CEILINGS } from './roles.ts';

export type PrincipalKind = 'person' | 'organisation' | 'group' | 'link' | 'authenticated' | 'public';

export interface Principal {
  kind: PrincipalKind;
  /** Null for `authenticated` and `public`. */
  id: string | null;
}

export interface GrantFact {
  principal: Principal;
  objectId: string;
  mask: number;
  notBefore: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

/** The space that an object lies in, as far as permission is concerned. */
export interface SpaceFact {
  /** Ceilings that the space sets itself. */
  ceilings: Partial<Record<CallerKind, number>>;
  archived: boolean;
  /** The caller is kept out: this always wins. */
  blocked: boolean;
}

export interface Question {
  principals: readonly Principal[];
  kind: CallerKind;
  /** From the object up to the nearest limited folder, or else to the organisation. */
  accessPath: readonly string[];
  grants: readonly GrantFact[];
  /** Null when the object is an organisation. */
  space: SpaceFact | null;
  now: Date;
}

/**
 * The capabilities that the caller holds on the object, as a mask: the union of the live grants on its
 * access path, under the ceiling of the space. There are no deny rules but the block.
 */
export function decide(question: Question): number {
  if (question.space?.blocked) return 0;
  let mask = 0;
  for (const grant of question.grants) {
    if (
      isLive(grant, question.now) &&
      question.accessPath.includes(grant.objectId) &&
      holds(question.principals, grant)
    ) {
      mask |= grant.mask;
    }
  }
  return question.space ? mask & ceiling(question.space, question.kind) : mask;
}

/** Whether the grant counts at this time: begun, not ended, not taken back. */
export function isLive(grant: Pick<GrantFact, 'notBefore' | 'expiresAt' | 'revokedAt'>, now: Date): boolean {
  if (grant.revokedAt) return false;
  if (grant.notBefore && grant.notBefore > now) return false;
  return !grant.expiresAt || grant.expiresAt > now;
}

/** What a caller of this kind may hold in the space at the most. */
export function ceiling(space: Pick<SpaceFact, 'ceilings' | 'archived'>, kind: CallerKind): number {
  const most = space.ceilings[kind] ?? DEFAULT_CEILINGS[kind];
  return space.archived ? most & ARCHIVED : most;
}

function holds(principals: readonly Principal[], grant: GrantFact): boolean {
  return principals.some(({ kind, id }) => kind === grant.principal.kind && id === grant.principal.id);
}

export type Answer = 'allowed' | 'forbidden' | 'not_found';

/** What a door answers: what one may not discover reads as what does not exist. */
export function answer(mask: number, capability: Capability): Answer {
  if (can(mask, capability)) return 'allowed';
  return can(mask, 'discover') ? 'forbidden' : 'not_found';
}
