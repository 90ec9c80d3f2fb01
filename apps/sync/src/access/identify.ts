import { can } from '@engawa/access';
import { accessOf, callerOf, createCtx, nameTag, type Services } from '@engawa/domain';
import { EngawaError, type AwarenessUser, type SyncEnd } from '@engawa/schema';
import { liveKind, type LiveKind } from '../documents/kinds.ts';
import { decideBy } from './epochs.ts';

/** Who is on a link, and what they may do there. */
export interface Identity {
  person: AwarenessUser;
  /** What the item is: decides what may be written into it. */
  kind: LiveKind;
  spaceId: string;
  /** The space's access epoch that this decision rests on. */
  epoch: number;
  readOnly: boolean;
  /** Decide again at this time at the latest (`decideBy`): grants and sessions also end by the clock. */
  until: number;
}

/** The connection may not be, and why. */
export class Refusal extends Error {
  readonly end: SyncEnd;

  constructor(end: SyncEnd, detail?: string) {
    super(detail ?? end);
    this.end = end;
  }
}

/** Carets need hues that are told apart, on light and dark alike; a person keeps theirs. */
const COLORS = [
  '#0b6fce',
  '#b3431d',
  '#1d7f4f',
  '#8b4fbf',
  '#a3710a',
  '#bf2f6b',
  '#2a7d8c',
  '#5c6bc0',
  '#7a6a00',
  '#c0392b',
];

/**
 * The decision of the doors `sync.connect` and `sync.write`. Throws Refusal; whatever else it throws means that the
 * database could not be asked.
 */
export async function identify(
  services: Services,
  at: { itemId: string; generation: number; token: string | null },
): Promise<Identity> {
  const caller = await callerOf(services, at.token);
  if (caller.kind === 'anonymous') throw new Refusal('signedOut');
  const ctx = createCtx(caller, services);
  const [access, tag] = await Promise.all([accessOf(ctx, at.itemId), nameTag(ctx)]);
  const kind = access?.itemKind ? liveKind(access.itemKind) : undefined;
  if (!access || !kind) throw new Refusal('notFound');
  // A live connection is the source of the item: whoever may only look gets pages from the server.
  if (!can(access.mask, 'view') || !can(access.mask, 'download')) throw new Refusal('revoked');
  if (access.generation !== at.generation) throw new Refusal('generation');
  return {
    person: { ...tag, color: colorOf(tag.id) },
    kind,
    spaceId: access.spaceId!,
    epoch: access.epoch!,
    readOnly: !can(access.mask, 'edit'),
    until: decideBy(access.until),
  };
}

export function colorOf(personId: string): string {
  let sum = 0;
  for (const char of personId) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
  return COLORS[sum % COLORS.length]!;
}

/** The one mapping of errors to the ends of a connection. */
export function endOf(error: unknown): SyncEnd {
  if (error instanceof Refusal) return error.end;
  if (!(error instanceof EngawaError)) return 'unavailable';
  if (error.code === 'journal.generation') return 'generation';
  if (error.code === 'journal.damaged') return 'damaged';
  if (error.status === 401) return 'signedOut';
  if (error.status === 404) return 'notFound';
  if (error.status === 403) return 'revoked';
  return 'unavailable';
}
