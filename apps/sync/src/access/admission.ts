import type { Services } from '@engawa/domain';
import type { Link } from '../sockets/link.ts';
import type { Held } from './epochs.ts';
import { endOf, identify, type Identity } from './identify.ts';

/** The first decision about a link. Throws Refusal, or whatever kept the database from being asked. */
export async function admit(services: Services, link: Link): Promise<void> {
  link.identity = await identify(services, link);
}

/** One a link: the epochs must know it again while they decide. */
const known = new WeakMap<Link, Held>();

/** An admitted link, as the epochs see it; null before it is admitted and when it has ended. */
export function heldLink(services: Services, link: Link): Held | null {
  if (!link.identity || link.ended) return null;
  const held = known.get(link) ?? {
    get spaceId() {
      return link.identity!.spaceId;
    },
    get epoch() {
      return link.identity!.epoch;
    },
    get until() {
      return link.identity!.until;
    },
    decide: () => decideAgain(services, link, link.identity!),
    suspend: () => link.suspend(),
    resume: () => link.resume(),
  };
  known.set(link, held);
  return held;
}

async function decideAgain(services: Services, link: Link, before: Identity): Promise<void> {
  try {
    link.identity = await identify(services, link);
  } catch (error) {
    const end = endOf(error);
    if (end === 'unavailable') throw error;
    return link.end(end, 'access has changed');
  }
  const { readOnly } = link.identity;
  if (before.readOnly === readOnly) return;
  // A downgraded connection stays. One that may write again reconnects, which fills what was dropped meanwhile.
  link.notify({ kind: 'access', readOnly });
  if (before.readOnly) link.end('granted');
}
