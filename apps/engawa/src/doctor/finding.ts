import type { MessageKey } from '@engawa/i18n/say';

/** What was found about one part, as a sentence that says what to do when it is wrong. */
export interface Finding {
  state: 'well' | 'wrong' | 'untried';
  key: MessageKey;
  params?: Record<string, string | number>;
}

type Params = Finding['params'];

export const well = (key: MessageKey, params?: Params): Finding => ({ state: 'well', key, params });
export const wrong = (key: MessageKey, params?: Params): Finding => ({ state: 'wrong', key, params });
export const untried = (key: MessageKey, params?: Params): Finding => ({ state: 'untried', key, params });

/** Why something failed, in its own words and one line. */
export function why(error: unknown): string {
  const { message, code, cause, errors } = error as {
    message?: string;
    code?: string;
    cause?: unknown;
    errors?: unknown[];
  };
  // `fetch` and sockets that tried several addresses say the reason one level down.
  const inner = errors?.[0] ?? (cause as Error | undefined);
  if (inner && (!message || message === 'fetch failed')) return why(inner);
  return (message || code || 'no reason given').split('\n')[0]!.slice(0, 200);
}

/** Milliseconds, rounded for people. */
export const since = (began: number): number => Math.max(1, Math.round(performance.now() - began));

/** The middle one of several measurements, in milliseconds. */
export async function median(times: number, measure: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    const began = performance.now();
    await measure();
    took.push(performance.now() - began);
  }
  return Math.round(took.sort((a, b) => a - b)[times >> 1]! * 10) / 10;
}
