import type { Board } from '@engawa/board';
import type * as Y from 'yjs';
import { m } from '#lib/paraglide/messages.js';
import { nameOf } from './words.ts';

/** Silence after which what others did is told, and the longest it waits for one. */
const QUIET_MS = 2_000;
const LONGEST_MS = 10_000;

type How = 'added' | 'changed' | 'removed';
const SENTENCES = {
  added: m.outline_others_added,
  changed: m.outline_others_changed,
  removed: m.outline_others_removed,
};

/**
 * Tells what others do to a board, calmly: one sentence for all that came together, and none while `busy`. Returns how
 * to stop.
 */
export function tellOthers(board: Board, say: (words: string) => void, busy: () => boolean): () => void {
  const waiting = new Map<string, How>();
  /** Names as they were, for what is gone. */
  const names = new Map([...board.elements.values()].map((element) => [element.id, nameOf(element)]));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let since = 0;

  const rename = (id: string) => {
    const element = board.find(id);
    if (element) names.set(id, nameOf(element));
  };
  const tell = (): void => {
    if (busy()) return void (timer = setTimeout(tell, QUIET_MS));
    timer = undefined;
    const [only] = waiting;
    if (waiting.size === 1 && only) say(SENTENCES[only[1]]({ what: names.get(only[0]) ?? '' }));
    else say(m.outline_others_many({ count: waiting.size }));
    for (const [id, how] of waiting) if (how === 'removed') names.delete(id);
    waiting.clear();
  };
  const note = (id: string, how: How): void => {
    const before = waiting.get(id);
    if (before === 'added' && how === 'removed') waiting.delete(id);
    else waiting.set(id, before === 'added' ? 'added' : how);
  };
  const hear = (events: Y.YEvent<Y.AbstractType<unknown>>[], { local }: Y.Transaction): void => {
    for (const event of events) {
      const [inside] = event.path;
      if (typeof inside === 'string') {
        rename(inside);
        if (!local) note(inside, 'changed');
      } else {
        for (const [id, { action }] of event.keys) {
          if (action !== 'delete') rename(id);
          if (!local) note(id, action === 'delete' ? 'removed' : action === 'add' ? 'added' : 'changed');
        }
      }
    }
    if (local || waiting.size === 0) return;
    if (timer === undefined) since = Date.now();
    clearTimeout(timer);
    timer = setTimeout(tell, Math.max(0, Math.min(QUIET_MS, since + LONGEST_MS - Date.now())));
  };
  board.stored.observeDeep(hear);
  return () => {
    clearTimeout(timer);
    board.stored.unobserveDeep(hear);
  };
}
