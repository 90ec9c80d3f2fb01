import type { Document, Extension } from '@hocuspocus/server';
import * as encoding from 'lib0/encoding';
import { applyAwarenessUpdate, removeAwarenessStates, type Awareness } from 'y-protocols/awareness';
import type { Neighbours, Topic } from '../nodes/neighbours.ts';
import type { Link } from '../sockets/link.ts';
import type { LinkContext } from './context.ts';

/** Marks carets that came from another node. */
const NEIGHBOUR = 'neighbour';

type Changes = Record<'added' | 'updated' | 'removed', number[]>;

interface Caret {
  id: number;
  clock: number;
  state: Record<string, unknown> | null;
}

/** Carets of people whose pages are on another node that holds the same document: text comes by the journal. */
export function carets(
  neighbours: Neighbours,
  linksOf: (document: Document) => Link[],
): Extension<LinkContext> {
  return {
    async afterLoadDocument({ document }) {
      const { awareness } = document;
      /** Who is on which other node. */
      const theirs = new Map<string, Set<number>>();
      const isOurs = (id: number) =>
        linksOf(document).some((link) => link.awarenessId === id && link.ended === null);
      const topic = neighbours.join(`carets:${document.name}`, {
        met() {
          const others = new Set([...theirs.values()].flatMap((ids) => [...ids]));
          say(
            topic,
            awareness,
            [...awareness.getStates().keys()].filter((id) => !others.has(id)),
          );
        },
        hear(node, payload) {
          // A page that moved here is ours, whatever the node it left says of it.
          const heard = (payload as Caret[]).filter(({ id }) => !isOurs(id));
          theirs.set(node, new Set([...(theirs.get(node) ?? []), ...heard.map(({ id }) => id)]));
          applyAwarenessUpdate(awareness, encode(heard), NEIGHBOUR);
        },
        left(node) {
          const gone = [...(theirs.get(node) ?? [])].filter((id) => !isOurs(id));
          theirs.delete(node);
          removeAwarenessStates(awareness, gone, NEIGHBOUR);
        },
      });
      awareness.on('update', ({ added, updated, removed }: Changes, origin: unknown) => {
        if (origin === NEIGHBOUR) return;
        const ids = [...added, ...updated, ...removed];
        for (const id of ids) for (const known of theirs.values()) known.delete(id);
        say(topic, awareness, ids);
      });
      document.once('destroy', () => topic.leave());
    },
  };
}

function say(topic: Topic, awareness: Awareness, ids: number[]): void {
  if (topic.peers === 0) return;
  const said = caretsOf(awareness, ids);
  if (said.length > 0) topic.say(said);
}

function caretsOf(awareness: Awareness, ids: number[]): Caret[] {
  return ids.flatMap((id) => {
    const clock = awareness.meta.get(id)?.clock;
    return clock === undefined ? [] : [{ id, clock, state: awareness.getStates().get(id) ?? null }];
  });
}

/** The frame that y-protocols reads. */
function encode(heard: Caret[]): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, heard.length);
  for (const { id, clock, state } of heard) {
    encoding.writeVarUint(encoder, id);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, JSON.stringify(state));
  }
  return encoding.toUint8Array(encoder);
}
