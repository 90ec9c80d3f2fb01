import type { TestClient } from './client.ts';

export interface Typist {
  /** Words that were shown as saved, ever. */
  readonly savedWords: number;
  /** Whether something was shown as saved after this moment (`performance.now()`). */
  savedSince(moment: number): boolean;
  /** The words shown as saved that this text does not hold exactly once. */
  missing(text: string): string[];
  stop(): void;
}

/** Types numbered words without end, and writes down what the page was told is saved. */
export function startTyping(client: TestClient, mark: string, every = 25): Typist {
  const typed: { word: string; edit: number }[] = [];
  let edits = 0;
  let saved = 0;
  let lastSaved = 0;
  const timer = setInterval(() => {
    const word = `${mark}${typed.length};`;
    client.type(word);
    edits += 1;
    typed.push({ word, edit: edits });
  }, every);
  // `pending` counts edits from the end, so what is not pending is saved, also while the typing goes on.
  const unlisten = client.saved.onChange(({ pending }) => {
    const now = Math.max(0, edits - pending);
    if (now <= saved) return;
    saved = now;
    lastSaved = performance.now();
  });
  return {
    get savedWords() {
      return saved;
    },
    savedSince: (moment) => lastSaved > moment,
    missing: (text) =>
      typed.slice(0, saved).flatMap(({ word }) => (text.split(word).length === 2 ? [] : [word])),
    stop() {
      clearInterval(timer);
      unlisten();
    },
  };
}
