/** Pictures of vault files, loaded when they are first drawn. */
export interface Pictures {
  pictureOf(file: string): ImageBitmap | null;
  /** Waits for all of these, as far as they can be loaded: before an export. */
  ready(files: Iterable<string>): Promise<void>;
  destroy(): void;
}

const KEPT = 200;

/**
 * `load` fetches a preview of a file (of bounded size: the server makes them) and may fail; it is asked once. `loaded`
 * is called when a picture has come and what shows it must be drawn again.
 */
export function createPictures(
  load: (file: string) => Promise<ImageBitmap>,
  loaded: (file: string) => void,
): Pictures {
  const known = new Map<string, ImageBitmap | null>();
  const coming = new Map<string, Promise<void>>();
  let ended = false;
  const ask = (file: string): Promise<void> => {
    const asked = coming.get(file);
    if (asked) return asked;
    const answer = load(file).then(
      (picture) => keep(file, picture),
      () => void known.set(file, null),
    );
    const done = answer.finally(() => coming.delete(file));
    coming.set(file, done);
    return done;
  };
  const keep = (file: string, picture: ImageBitmap) => {
    if (ended) return picture.close();
    if (known.size >= KEPT) drop(known.keys().next().value!);
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
