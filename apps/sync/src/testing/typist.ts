import type { TestClient } from './client.ts';

export interface Typist {
  /** Words that were shown as saved, ever. */
  readonly savedWords: number;
  readonly typedWords: number;
  /** Whether something was shown as saved that was typed after this moment (`performance.now()`). */
  savedSince(moment: number): boolean;
  /** Of its first `count` words, those shown as saved when none is said: the ones that are not there exactly once. */
  missing(text: string, count?: number): string[];
  /** The same, apart: not there at all, and there more than once. */
  faults(text: string, count?: number): { lost: string[]; doubled: string[] };
  stop(): void;
}

/** Types numbered words without end, and writes down what the page was told is saved. */
export function startTyping(client: TestClient, mark: string, every = 25): Typist {
  const typed: { word: string; at: number }[] = [];
  let saved = 0;
  const timer = setInterval(() => {
    const word = `${mark}${typed.length};`;
    client.type(word);
    typed.push({ word, at: performance.now() });
  }, every);
  // `pending` counts edits from the end, so what is not pending is saved, also while the typing goes on.
  const unlisten = client.saved.onChange(({ pending }) => {
    saved = Math.max(saved, typed.length - pending);
  });
  const faults = (text: string, count = saved) => {
    const times = new Map<string, number>();
    for (const word of text.split(/(?<=;)\n?/)) times.set(word, (times.get(word) ?? 0) + 1);
    const words = typed.slice(0, count).map(({ word }) => word);
    return {
      lost: words.filter((word) => !times.has(word)),
      doubled: words.filter((word) => times.get(word)! > 1),
    };
  };
  return {
    get savedWords() {
      return saved;
    },
    get typedWords() {
      return typed.length;
    },
    savedSince: (moment) => saved > 0 && typed[saved - 1]!.at > moment,
    missing(text, count) {
      const { lost, doubled } = faults(text, count);
      return [...lost, ...doubled];
    },
    faults,
    stop() {
      clearInterval(timer);
      unlisten();
    },
  };
}
