import * as v from 'valibot';

const KEY = 'engawa:uploads';
const WEEK = 7 * 24 * 60 * 60 * 1000;

const Kept = v.object({
  url: v.string(),
  name: v.string(),
  size: v.number(),
  modified: v.number(),
  spaceId: v.string(),
  parentId: v.nullable(v.string()),
  where: v.string(),
  at: v.number(),
});
const Memory = v.object({ personId: v.string(), uploads: v.array(Kept) });

/** An upload that was begun, so that it can go on after a reload. The file itself a browser may not keep. */
export type Kept = v.InferOutput<typeof Kept>;

/** What this browser remembers of one person's uploads; anybody else's is forgotten as soon as they sign in. */
export class UploadMemory {
  readonly #personId: string;
  readonly #storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

  constructor(personId: string, storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
    this.#personId = personId;
    this.#storage = storage;
  }

  all(now = Date.now()): Kept[] {
    try {
      const read = v.safeParse(Memory, JSON.parse(this.#storage.getItem(KEY) ?? 'null'));
      if (read.success && read.output.personId === this.#personId)
        return read.output.uploads.filter((kept) => kept.at > now - WEEK);
      this.#storage.removeItem(KEY);
    } catch {
      // Storage that is broken or not allowed remembers nothing, which costs only the way back after a reload.
    }
    return [];
  }

  keep(kept: Kept): void {
    this.#write([...this.all().filter((other) => other.url !== kept.url), kept]);
  }

  drop(url: string): void {
    const all = this.all();
    if (all.some((kept) => kept.url === url)) this.#write(all.filter((kept) => kept.url !== url));
  }

  forget(): void {
    this.#write([]);
  }

  #write(uploads: Kept[]): void {
    try {
      if (uploads.length === 0) this.#storage.removeItem(KEY);
      else this.#storage.setItem(KEY, JSON.stringify({ personId: this.#personId, uploads }));
    } catch {
      // As above.
    }
  }
}
