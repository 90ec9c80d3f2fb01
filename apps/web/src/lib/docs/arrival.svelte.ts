import type { Upload } from '#lib/files/upload.svelte.ts';

let count = 0;

/** One picture on its way into a document, as its placeholder shows it. */
export class Arrival {
  readonly id = `image-coming-${(count += 1)}`;
  readonly file: File;
  upload = $state.raw<Upload | null>(null);
  /** Why it does not go on, in words. */
  reason = $state.raw<string | null>(null);

  constructor(file: File) {
    this.file = file;
  }

  readonly percent = $derived(
    this.upload ? Math.round((this.upload.sent / Math.max(1, this.upload.size)) * 100) : 0,
  );
  readonly waiting = $derived(this.upload?.phase === 'waiting');
}
