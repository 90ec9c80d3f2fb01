import { m } from '#lib/paraglide/messages.js';

/** Why something could not be shown, in words for people. */
export class NotShown extends Error {}

export interface FirstBytes {
  bytes: Uint8Array;
  /** There are more than were asked for. */
  cut: boolean;
}

/** Up to so many bytes from the beginning. Throws NotShown with the server's sentence, or one about the line. */
export async function firstBytes(address: string, most: number, signal: AbortSignal): Promise<FirstBytes> {
  const answer = await fetch(address, {
    signal,
    headers: { range: `bytes=0-${most - 1}`, accept: '*/*;q=0.5, application/problem+json' },
  }).catch((error: unknown) => {
    throw signal.aborted ? error : new NotShown(m.file_failed_text());
  });
  if (!answer.ok) throw new NotShown(await sentenceOf(answer));
  const total = Number(/\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return { bytes: bytes.subarray(0, most), cut: (Number.isNaN(total) ? bytes.byteLength : total) > most };
}

async function sentenceOf(answer: Response): Promise<string> {
  const told: unknown = await answer.json().catch(() => null);
  const title = typeof told === 'object' && told !== null && 'title' in told ? told.title : null;
  return typeof title === 'string' ? title : m.file_failed_text();
}
