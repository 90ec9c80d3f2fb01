import { encodeLive, isSeenIn, placeOf, type LiveMessage, type Rect } from '@engawa/board';
import type { BoardPerson } from '@engawa/schema';

/** A page on a board, as its room deals with it. */
export interface Guest extends BoardPerson {
  /** What the person may do there now. Pointing asks for `comment`, whatever shows elements moved for `edit`. */
  may: { comment: boolean; edit: boolean };
  /** Whether what is sent now would go out at once. While not, nothing is sent. */
  ready(): boolean;
  send(batch: Uint8Array): void;
  tell(people: BoardPerson[]): void;
}

export interface Word {
  message: LiveMessage;
  bytes: Uint8Array;
}

/** Written anew, so that what goes out is as short as it can be and keeps nothing of what came in. */
const wordOf = (message: LiveMessage): Word => ({ message, bytes: encodeLive(message) });

const IDLE = wordOf({ kind: 'idle' });
const AWAY = wordOf({ kind: 'away' });
const CHOSE_NOTHING = wordOf({ kind: 'selection', ids: [] });

const ASKS: Record<LiveMessage['kind'], 'comment' | 'edit' | null> = {
  view: null,
  idle: null,
  away: null,
  cursor: 'comment',
  laser: 'comment',
  selection: 'comment',
  moving: 'edit',
  resizing: 'edit',
  drawing: 'edit',
};
/** Messages with points that one page may say between two batches: the others replace each other. */
const MOST_STROKES = 6;
/** A glance beyond one's view: what is about to come into it is known already. */
const MARGIN = 0.5;

/** What a room knows of one page: what it does, and what it was told of the others. */
export class Seat {
  readonly guest: Guest;
  /** Its page is on another node, which tells it what it has to know. */
  readonly elsewhere: boolean;
  /** What stands until something else is said: those who come later, or missed it, are told. */
  hand: Word | null = null;
  selection: Word = CHOSE_NOTHING;
  view: Word | null = null;
  /** Since the last batch. */
  said: Word[] = [];
  /** What is in view, with a margin; null until it was said. */
  area: Rect | null = null;
  /** Has looked elsewhere since the last batch. */
  looked = false;
  follows: number | null = null;
  /** Whose hand was in view when last told of. */
  readonly near = new Set<number>();
  /** Has missed a batch, or has just come: is told everything that stands. */
  behind = true;
  /** The database cannot be asked who may be here. */
  suspended = false;

  constructor(guest: Guest, elsewhere = false) {
    this.guest = guest;
    this.elsewhere = elsewhere;
  }

  mayDo(message: LiveMessage): boolean {
    const asks = ASKS[message.kind];
    return asks === null || this.guest.may[asks];
  }

  say(message: LiveMessage): void {
    const word = wordOf(message);
    this.#stand(word);
    const replaced = (kind: LiveMessage['kind']) =>
      message.kind === 'idle'
        ? ['moving', 'resizing', 'drawing', 'idle'].includes(kind)
        : kind === message.kind;
    if ('points' in message) {
      const strokes = this.said.filter((one) => 'points' in one.message);
      if (strokes.length >= MOST_STROKES) this.said.splice(this.said.indexOf(strokes[0]!), 1);
    } else this.said = this.said.filter((one) => !replaced(one.message.kind));
    this.said.push(word);
  }

  /** Ends whatever the others see of it. */
  hush(): void {
    this.hand = null;
    this.selection = CHOSE_NOTHING;
    this.said = [IDLE, CHOSE_NOTHING, AWAY];
  }

  #stand(word: Word): void {
    const { message } = word;
    if (message.kind === 'selection') this.selection = word;
    else if (message.kind === 'away') this.hand = null;
    else if (message.kind === 'view') {
      const { x, y, w, h } = message.area;
      this.area = { x: x - w * MARGIN, y: y - h * MARGIN, w: w * (1 + 2 * MARGIN), h: h * (1 + 2 * MARGIN) };
      this.view = word;
      this.looked = true;
    } else if (message.kind === 'idle') {
      const at = this.hand && 'at' in this.hand.message ? this.hand.message.at : null;
      this.hand = at && wordOf({ kind: 'cursor', at });
    } else if ('at' in message) this.hand = word;
    else {
      const at = message.points.at(-1);
      if (at) this.hand = wordOf({ kind: 'cursor', at });
    }
  }

  /** What this page is to be told of another one now. `crowded`: of pointers alone, only the followed one's. */
  wordsOf(other: Seat, crowded: boolean): Word[] {
    const follows = this.follows === other.guest.peer;
    if (this.behind) {
      const hand = other.hand && this.#reaches(other, other.hand, crowded) ? other.hand : AWAY;
      return [IDLE, other.selection, hand, ...(follows && other.view ? [other.view] : [])];
    }
    const words = other.said.filter((word) => this.#reaches(other, word, crowded));
    // Somebody who stands still comes into view.
    const appears = this.looked && other.hand !== null && !this.near.has(other.guest.peer);
    if (appears && this.#reaches(other, other.hand!, crowded)) words.push(other.hand!);
    return words;
  }

  #reaches(other: Seat, { message }: Word, crowded: boolean): boolean {
    const { peer } = other.guest;
    const follows = this.follows === peer;
    if (message.kind === 'view') return follows;
    if (crowded && message.kind === 'cursor' && !follows) return false;
    if (this.area === null || placeOf(message) === null) return true;
    const seen = isSeenIn(this.area, message);
    const before = this.near.has(peer);
    if (seen) this.near.add(peer);
    else this.near.delete(peer);
    // The first message from outside is told, too: else a pointer would seem to have stopped at the edge.
    return seen || before;
  }
}
