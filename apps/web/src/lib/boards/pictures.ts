import type { BoardDesk } from './board-desk.svelte.ts';
import { pasteText } from './clipboard.ts';

/** A picture of the vault, as small as it is needed on a board. */
export async function loadPicture(file: string): Promise<ImageBitmap> {
  const answer = await fetch(`/files/${file}/thumbnail`);
  if (!answer.ok) throw new Error(`The picture ${file} answered ${answer.status}`);
  return createImageBitmap(await answer.blob());
}

/** Files that were dropped or pasted: texts become notes. */
export async function addPictures(
  desk: BoardDesk,
  files: readonly File[],
  at: { x: number; y: number },
): Promise<void> {
  for (const file of files) {
    if (/^text\//.test(file.type)) pasteText(desk, await file.text(), at);
  }
}
