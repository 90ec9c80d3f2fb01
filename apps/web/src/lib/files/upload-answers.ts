/** What stands where the file should go. */
export interface Clash {
  itemId: string;
  kind: string;
  canReplace: boolean;
}

/**
 * What became of an attempt: `line` nobody answered, `later` the server cannot now, `taken` the name is, `lost` what had
 * arrived is gone, `refused` it will not be taken like this; `again` says whether trying once more makes sense.
 */
export type Outcome =
  | { kind: 'done'; itemId: string | null }
  | { kind: 'stopped' }
  | { kind: 'line' }
  | { kind: 'later'; message: string | null }
  | { kind: 'taken'; clash: Clash }
  | { kind: 'lost' }
  | { kind: 'refused'; message: string | null; again: boolean };

/** As the doors of the vault answer: the title is a sentence for people, in their language. */
interface Problem {
  code?: string;
  title?: string;
  details?: Partial<Clash>;
}

/** Another attempt goes on from where the server stands. */
const GO_ON = new Set(['files.offset', 'files.overtaken', 'files.incomplete']);
/** Something in the world has to change first, and may. */
const MAY_CHANGE = new Set([
  'files.quota',
  'files.store_full',
  'files.too_many_uploads',
  'items.too_many',
  'unauthenticated',
]);
const LOST = new Set(['files.upload_expired', 'files.upload_lost']);

/** What an answer that was not a yes means. `status` 0: there was none. */
export function outcomeOf(status: number, text: string): Outcome {
  const { code = '', title: message = null, details = {} } = problemOf(text);
  if (status === 0) return { kind: 'line' };
  if (code === 'files.finished') return { kind: 'done', itemId: details.itemId ?? null };
  if (code === 'files.name_taken' && details.itemId) {
    const { itemId, kind = 'file', canReplace = false } = details;
    return { kind: 'taken', clash: { itemId, kind, canReplace } };
  }
  if (LOST.has(code) || status === 410) return { kind: 'lost' };
  if (GO_ON.has(code) || status === 423 || status >= 500) return { kind: 'later', message };
  return { kind: 'refused', message, again: MAY_CHANGE.has(code) || status === 401 || status === 429 };
}

function problemOf(text: string): Problem {
  try {
    return (JSON.parse(text) ?? {}) as Problem;
  } catch {
    return {};
  }
}
