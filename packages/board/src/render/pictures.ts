/** Pictures of vault files, loaded when they are first drawn. */
export interface Pictures {
  pictureOf(file: string): ImageBitmap | null;
  /** Waits for all of these, as far as they can be loaded: before an export. */
  ready(files: Iterable<string>): Promise<void>;
  destroy(): void;
}

/** Fetches a picture of a vault file, of bounded size; `small` where there is room only for a smaller one. */
export type LoadPicture = (file: string, small: boolean) => Promise<ImageBitmap>;

/** Pixels of pictures that are kept as sharp as they come: about 200 MB. Those that come later are small ones. */
const SHARP_PIXELS = 48_000_000;
/** Pixels of one that is on its way, at the most. */
const LARGEST = 2_560_000;
/** More stay grey. None is dropped for another: what is in view would be asked for again and again. */
const KEPT = 1_000;

/** `load` may fail; it is asked once. `loaded` is called when a picture has come and what shows it must be drawn again. */
export function createPictures(load: LoadPicture, loaded: (file: string) => void): Pictures {
  const known = new Map<string, ImageBitmap | null>();
  const coming = new Map<string, Promise<void>>();
  let ended = false;
  let pixels = 0;
  const ask = (file: string): Promise<void> => {
    const asked = coming.get(file);
    if (asked) return asked;
    const full = known.size + coming.size >= KEPT;
    const answer = (
      full ? Promise.reject(new Error('full')) : load(file, pixels + coming.size * LARGEST > SHARP_PIXELS)
    ).then(
      (picture) => keep(file, picture),
      () => void known.set(file, null),
    );
    const done = answer.finally(() => coming.delete(file));
    coming.set(file, done);
    return done;
  };
  const keep = (file: string, picture: ImageBitmap) => {
    if (ended) return picture.close();
    pixels += picture.width * picture.height;
    known.set(file, picture);
    loaded(file);
  };
  const drop = (file: string) => {
    known.get(file)?.close();
    known.delete(file);
  };
  return {
    pictureOf: (file) => {
      const picture = known.get(file);
      if (picture === undefined && !ended) void ask(file);
      return picture ?? null;
    },
    ready: async (files) => {
      await Promise.all([...new Set(files)].filter((file) => !known.has(file)).map(ask));
    },
    destroy: () => {
      ended = true;
      for (const file of [...known.keys()]) drop(file);
    },
  };
}
