import type { Editor, ImageSpot } from '@engawa/editor/browser';
import { closeImageSpot, fillImageSpot, openImageSpot } from '@engawa/editor/browser';
import type { ItemRow } from '@engawa/schema';
import { toast } from '@engawa/ui';
import { mount, unmount } from 'svelte';
import { HEAD_BYTES, imageSize, isTooLarge } from '#lib/files/image-size.ts';
import { UploadFolders } from '#lib/files/upload-folders.ts';
import { pasted } from '#lib/files/upload-sources.ts';
import { Upload } from '#lib/files/upload.svelte.ts';
import { provideFolder, tree } from '#lib/items/items.remote.ts';
import { m } from '#lib/paraglide/messages.js';
import { Arrival } from './arrival.svelte.ts';
import ImageComing from './ImageComing.svelte';

const KINDS = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;
/** A folder of that name in either language is used, whoever made it. */
const FOLDER_NAMES = ['画像', 'Images'];
const PATIENCE = 80;

export interface DocPlace {
  spaceId: string;
  /** The folder of the document. */
  parentId: string | null;
  rows: readonly ItemRow[];
}

/**
 * Pictures on their way into a document: brought up into the vault, beside the document, and then put where they were
 * meant. What fails keeps its place, says why, and can be tried again: nothing that was pasted is lost.
 */
export class DocImages {
  readonly #editor: () => Editor | null;
  readonly #place: () => DocPlace;
  readonly #running = new Set<Arrival>();
  #folder: Promise<string> | null = null;
  #left = false;

  constructor(editor: () => Editor | null, place: () => DocPlace) {
    this.#editor = editor;
    this.#place = place;
    addEventListener('beforeunload', this.#warn);
  }

  /** The page goes away; what is on its way still arrives in the vault. */
  leave(): void {
    this.#left = true;
    removeEventListener('beforeunload', this.#warn);
  }

  readonly #warn = (event: BeforeUnloadEvent): void => {
    if (this.#running.size > 0) event.preventDefault();
  };

  /** Files that were pasted, dropped or chosen, to stand near a position. */
  bring(files: readonly File[], pos: number, data: DataTransfer | null = null): void {
    const named = data ? pasted(data, m.drop_screenshot()).flatMap(({ file }) => file ?? []) : files;
    const wanted = named.filter(({ type }) => type.startsWith('image/'));
    for (const file of wanted) {
      if (KINDS.test(file.type)) this.#begin(file, pos);
      else toast(m.doc_image_kind(), { tone: 'danger' });
    }
  }

  /** A picture that the vault holds already. */
  insert(file: string, pos: number): void {
    const editor = this.#editor();
    if (!editor || editor.isDestroyed) return;
    const spot = openImageSpot(editor.view, pos, document.createElement('span'));
    void this.#fill(file, spot);
  }

  #begin(file: File, pos: number): void {
    const editor = this.#editor();
    if (!editor || editor.isDestroyed) return;
    const element = document.createElement('div');
    element.className = 'image-coming';
    element.contentEditable = 'false';
    const arrival = new Arrival(file);
    element.id = arrival.id;
    const spot = openImageSpot(editor.view, pos, element);
    const shown = mount(ImageComing, {
      target: element,
      props: {
        arrival,
        again: () => void this.#run(arrival, spot, end),
        drop: () => {
          arrival.upload?.discard();
          end();
        },
      },
    });
    const end = (): void => {
      this.#running.delete(arrival);
      const now = this.#editor();
      if (now && !now.isDestroyed) closeImageSpot(now.view, spot);
      void unmount(shown);
    };
    void this.#run(arrival, spot, end);
  }

  async #run(arrival: Arrival, spot: ImageSpot, end: () => void): Promise<void> {
    arrival.reason = null;
    this.#running.add(arrival);
    const { file } = arrival;
    const refuse = (reason: string): void => {
      arrival.reason = reason;
      this.#running.delete(arrival);
    };
    const size = imageSize(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
    if (size && isTooLarge(size)) return refuse(m.doc_image_too_large());
    let parentId: string;
    try {
      parentId = await (this.#folder ??= this.#findFolder());
    } catch (error) {
      this.#folder = null;
      const { status, body } = error as { status?: number; body?: App.Error };
      return refuse(status === 403 ? m.doc_image_place() : (body?.message ?? m.doc_image_waiting()));
    }
    const { spaceId } = this.#place();
    const place = { spaceId, parentId, name: m.doc_image_folder(), folders: false };
    const upload = new Upload(file, { place, folders: new UploadFolders(place, []), rule: 'keep_both' });
    arrival.upload = upload;
    const outcome = await upload.run(
      () => {},
      () => {},
    );
    if (outcome.kind === 'stopped') return;
    if (outcome.kind !== 'done' || !outcome.itemId) {
      return refuse(('message' in outcome && outcome.message) || m.file_failed_text());
    }
    if (!(await this.#fill(outcome.itemId, spot)))
      toast(m.doc_image_kept({ name: file.name, folder: m.doc_image_folder() }));
    end();
  }

  /** As soon as nobody is composing. False when the page has gone or may not be written on any more. */
  async #fill(file: string, spot: ImageSpot): Promise<boolean> {
    for (;;) {
      const editor = this.#editor();
      if (this.#left || (editor && !editor.isEditable)) return false;
      const attrs = { file, alt: '', width: null };
      if (editor && !editor.isDestroyed && fillImageSpot(editor.view, spot, attrs)) return true;
      await new Promise((next) => setTimeout(next, PATIENCE));
    }
  }

  /** 「画像」 beside the document; made when it is missing, once for all that come together. */
  async #findFolder(): Promise<string> {
    const { spaceId, parentId, rows } = this.#place();
    const there = rows.find(
      (row) =>
        row.kind === 'folder' &&
        row.parentId === parentId &&
        FOLDER_NAMES.includes(row.title) &&
        row.can.upload,
    );
    if (there) return there.id;
    // Somebody else may be making it at this moment: the server knows, and there is one in the end.
    const titles = [m.doc_image_folder(), ...FOLDER_NAMES];
    return (await provideFolder({ spaceId, parentId, titles }).updates(tree)).id;
  }
}
