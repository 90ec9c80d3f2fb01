import { transfer } from './upload-line.ts';

/** A picture that could not be brought into the vault; `message` is the server's own sentence, when there is one. */
export class PictureRefused extends Error {
  readonly told: string | null;
  constructor(told: string | null) {
    super(told ?? 'The picture could not be stored');
    this.told = told;
  }
}

/** Pictures a browser draws and a document or board may show. */
export const isPictureFile = (file: File): boolean => /^image\/(png|jpeg|gif|webp|avif)$/.test(file.type);

/** Brings one picture into a folder of the vault, beside what uses it. Returns the new item's id. */
export async function uploadPicture(
  file: File,
  place: { spaceId: string; parentId: string | null },
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  const metadata = {
    filename: file.name,
    filetype: file.type,
    spaceId: place.spaceId,
    onClash: 'keep_both',
    ...(place.parentId && { parentId: place.parentId }),
  };
  let url: string | null = null;
  for (let tries = 0; ; tries += 1) {
    const outcome = await transfer(
      { file, url, metadata, onurl: (at) => (url = at), onprogress: () => {} },
      signal,
    );
    if (outcome.kind === 'done' && outcome.itemId) return outcome.itemId;
    if (outcome.kind !== 'line' && outcome.kind !== 'later') {
      throw new PictureRefused('message' in outcome ? outcome.message : null);
    }
    if (tries === 4) throw new PictureRefused(outcome.kind === 'later' ? outcome.message : null);
    await new Promise((resolve) => setTimeout(resolve, 1000 * 2 ** tries));
  }
}
