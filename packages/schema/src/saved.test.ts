import { expect, test } from 'vitest';
import { trackSaved, type SavedTracker } from './saved.ts';

/** A socket that hands frames to nobody: what the server says is said by the test. */
class Line extends EventTarget {
  static last: Line;

  constructor() {
    super();
    Line.last = this;
  }

  send(): void {}

  open(): void {
    this.dispatchEvent(new Event('open'));
  }

  lose(): void {
    this.dispatchEvent(new Event('close'));
  }

  hear(...bytes: number[]): void {
    this.dispatchEvent(new MessageEvent('message', { data: new Uint8Array(bytes).buffer }));
  }
}

// Frames: the document's name ("a"), the message type, then its body.
const STEP_TWO = new Uint8Array([1, 97, 0, 1, 0]);
const UPDATE = new Uint8Array([1, 97, 0, 2, 0]);
const AWARENESS = new Uint8Array([1, 97, 1, 0]);
const ACK = [1, 97, 8, 1];
const REFUSED = [1, 97, 8, 0];

function connected(): { tracker: SavedTracker; socket: WebSocket; line: Line } {
  const tracker = trackSaved(Line as unknown as typeof WebSocket);
  const socket = new tracker.WebSocket('ws://x');
  Line.last.open();
  return { tracker, socket, line: Line.last };
}

test('nothing was typed and nothing is stored: saved once the server has answered step 2', () => {
  const { tracker, socket, line } = connected();
  expect(tracker.state).toBe('saving');
  socket.send(STEP_TWO);
  line.hear(...ACK);
  expect(tracker.state).toBe('saved');
});

test('an edit is saved when its own frame is acked, not an earlier one', () => {
  const { tracker, socket, line } = connected();
  socket.send(STEP_TWO);
  tracker.edited();
  socket.send(UPDATE);
  socket.send(AWARENESS);
  line.hear(...ACK);
  expect(tracker).toMatchObject({ state: 'saving', pending: 1 });
  line.hear(...ACK);
  expect(tracker).toMatchObject({ state: 'saved', pending: 0 });
});

test('edits typed offline are saved by the step 2 that holds them, whatever queued frames were acked before', () => {
  const { tracker, socket, line } = connected();
  socket.send(STEP_TWO);
  line.hear(...ACK);
  line.lose();
  tracker.edited();
  tracker.edited();
  expect(tracker.state).toBe('unsaved');
  const again = new tracker.WebSocket('ws://x');
  Line.last.open();
  again.send(UPDATE);
  again.send(UPDATE);
  Line.last.hear(...ACK);
  Line.last.hear(...ACK);
  expect(tracker.state).toBe('saving');
  again.send(STEP_TWO);
  Line.last.hear(...ACK);
  expect(tracker.state).toBe('saved');
});

test('an edit that is still being gathered is not saved', () => {
  const { tracker, socket, line } = connected();
  socket.send(STEP_TWO);
  line.hear(...ACK);
  tracker.edited();
  expect(tracker.state).toBe('saving');
});

test('what an old socket says late counts for nothing', () => {
  const { tracker, socket, line } = connected();
  socket.send(STEP_TWO);
  new tracker.WebSocket('ws://x');
  Line.last.open();
  line.hear(...ACK);
  line.lose();
  expect(tracker.state).toBe('saving');
});

test('a refusal stays until the document is made anew', () => {
  const { tracker, socket, line } = connected();
  const states: string[] = [];
  tracker.onChange(({ state }) => states.push(state));
  socket.send(STEP_TWO);
  line.hear(...ACK);
  tracker.edited();
  socket.send(UPDATE);
  line.hear(...REFUSED);
  expect(tracker.state).toBe('refused');
  expect(states).toEqual(['saved', 'saving', 'refused']);
});
