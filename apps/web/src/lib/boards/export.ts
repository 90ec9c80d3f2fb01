import { toPng, toSvg } from '@engawa/board';
import { toast } from '@engawa/ui';
import { m } from '#lib/paraglide/messages.js';
import type { BoardDesk } from './board-desk.svelte.ts';
import { sayBoardError } from './board-errors.ts';

export type ExportKind = 'png' | 'svg';

/** Writes the board, or what is chosen of it, to a file of this device. Says why when it cannot. */
export async function exportBoard(
  desk: BoardDesk,
  kind: ExportKind,
  title: string,
  selected: boolean,
): Promise<void> {
  const { view, board } = desk;
  if (!view || !board) return;
  const options = selected ? { title, ids: [...desk.now.selection] } : { title };
  try {
    const files = [...board.elements.values()].map(({ file }) => file).filter((file) => file !== null);
    await view.pictures.ready(files);
    const blob = kind === 'png' ? await toPng(view.renderer.kit, options) : await svgOf(desk, options, files);
    const name = `${fileName(title)}.${kind}`;
    save(blob, name);
    toast(m.board_export_done({ name }));
  } catch (error) {
    sayBoardError(error);
  }
}

async function svgOf(
  { view, board, palette }: BoardDesk,
  options: { title: string; ids?: string[] },
  files: string[],
): Promise<Blob> {
  // Throws where there is nothing: an empty drawing is of no use to anybody.
  if (board!.elements.size === 0) await toPng(view!.renderer.kit, options);
  const pictures = new Map<string, string>();
  for (const file of new Set(files)) {
    const picture = view!.pictures.pictureOf(file);
    if (picture) pictures.set(file, await dataAddress(picture));
  }
  const svg = toSvg(board!, {
    ...options,
    ...(palette ? { palette } : {}),
    addressOf: (file) => pictures.get(file) ?? null,
  });
  return new Blob([svg], { type: 'image/svg+xml' });
}

/** A picture inside the file itself: it must show without our server. */
async function dataAddress(picture: ImageBitmap): Promise<string> {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext('2d')!.drawImage(picture, 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return `data:image/png;base64,${btoa(binary)}`;
}

const fileName = (title: string) =>
  title
    .replace(/[\\/:*?"<>|\p{Cc}]/gu, '_')
    .slice(0, 100)
    .trim() || 'board';

function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
