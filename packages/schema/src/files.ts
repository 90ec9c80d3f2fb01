import * as v from 'valibot';
import { Id } from './ids.ts';
import type { PersonRef } from './people.ts';
import type { Abilities } from './roles.ts';
import { line, optionalLine } from './texts.ts';

/** The largest file: 50 GiB. */
export const MAX_FILE_BYTES = 50 * 2 ** 30;
/** How long an upload may rest before what has arrived is thrown away. */
export const UPLOAD_DAYS = 7;
/** As much of a text is shown to whoever may see a file and not have it. */
export const PREVIEW_BYTES = 256 * 1024;
/** Uploads that one person may have open at once. */
export const MAX_UPLOADS = 500;
/** Bytes of a purged file stay in the store for so long, so that a restored database finds them. */
export const RECOVERY_DAYS = 7;

const NOT_IN_NAMES = /[/\\\u0000-\u001f\u007f-\u009f]/;

/**
 * The name of a file: one line as people write it (NFC, nothing that turns or hides text), without slashes and
 * control characters, which have no business in a name. It keeps its ending.
 */
export const FileName = v.pipe(
  v.string('file_name.empty'),
  v.check((text) => !NOT_IN_NAMES.test(text), 'file_name.invalid'),
  line('file_name', 200),
  v.transform((text) => text.replace(/[. ]+$/u, '')),
  v.check((text) => text !== '', 'file_name.invalid'),
);

/** What to do when something of that name is there already: refuse and say so, number the name, or replace the content. */
export const OnClash = v.picklist(['ask', 'keep_both', 'new_version']);
export type OnClash = v.InferOutput<typeof OnClash>;

const bytes = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const StartUploadInput = v.object({
  spaceId: Id,
  parentId: v.nullable(Id),
  name: FileName,
  /** Bytes that will come. */
  size: v.pipe(bytes, v.maxValue(MAX_FILE_BYTES, 'files.too_large')),
  onClash: v.optional(OnClash, 'ask'),
  /** The file that gets a new version; then place and name are its own. */
  itemId: v.optional(v.nullable(Id), null),
});
export const UploadIdInput = v.object({ id: Id });
export const AppendChunkInput = v.object({ id: Id, offset: bytes });
export const OpenFileInput = v.object({
  id: Id,
  /** A version's number; without it the newest. */
  version: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  /** Whether the browser should show it, where that is safe. */
  show: v.optional(v.boolean(), false),
});
export const VersionInput = v.object({ id: Id, version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) });
export const LabelVersionInput = v.object({ ...VersionInput.entries, label: optionalLine('label', 100) });

export type StartUploadInput = v.InferInput<typeof StartUploadInput>;
export type AppendChunkInput = v.InferInput<typeof AppendChunkInput>;
export type OpenFileInput = v.InferInput<typeof OpenFileInput>;

/** Where an upload stands. */
export interface UploadState {
  id: string;
  name: string;
  size: number;
  /** Bytes that are durable; the next chunk begins here. */
  offset: number;
  expiresAt: Date;
  /** The file that it became, once finished. */
  itemId: string | null;
}

/** One version of a file. */
export interface FileVersion {
  id: string;
  /** The item. */
  itemId: string;
  number: number;
  size: number;
  /** Lower-case hex, computed from what was stored. */
  sha256: string;
  /** What the bytes are, such as `text/csv;charset=shift_jis`. */
  type: string;
  label: string;
  /** Whether there is a small picture of it. */
  thumbnail: boolean;
  restoredFrom: number | null;
  at: Date;
  by: PersonRef | null;
}

/** A file as its maker sees it who handed it in: a receipt. */
export interface HandedIn {
  id: string;
  name: string;
  size: number;
  sha256: string;
  at: Date;
}

/** A place into which the caller may put files, though they may see nothing else of it. */
export interface HandInPlace {
  id: string;
  spaceId: string;
  /** Null when it is the space itself. */
  folderId: string | null;
  name: string;
  space: string;
  host: { id: string; name: string };
  can: Abilities;
  /** When the caller's access ends. */
  until: Date | null;
  /** What the caller made there, newest first. */
  mine: HandedIn[];
}

/** Such a place in a list. */
export type HandInPlaceRow = Pick<HandInPlace, 'id' | 'spaceId' | 'name' | 'space' | 'host'>;

export interface FileFacts {
  id: string;
  spaceId: string;
  parentId: string | null;
  name: string;
  version: FileVersion;
  can: Abilities;
}
