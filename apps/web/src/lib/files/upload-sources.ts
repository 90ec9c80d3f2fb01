/** A file on its way in, with the folders it lay in, outermost first. `file` null: a folder that holds nothing. */
export interface Incoming {
  file: File | null;
  path: string[];
}

/** What systems leave in folders and nobody means to hand over. */
const LEFTOVERS = /^(\.DS_Store|Thumbs\.db|desktop\.ini|\._.*|__MACOSX)$/i;
/** Browsers call a picture from the clipboard so. */
const FROM_CLIPBOARD = /^image\.(png|jpe?g|gif|webp|bmp)$/i;

/** The files of a file field; one that took a folder knows where each file lay. */
export function chosen(files: Iterable<File>): Incoming[] {
  return Array.from(files, (file) => ({
    file,
    path: file.webkitRelativePath.split('/').slice(0, -1),
  })).filter(({ file, path }) => path.length === 0 || !LEFTOVERS.test(file.name));
}

/**
 * What was dropped, folders with everything in them. The entries are taken at once: a drop's data is gone when its
 * event is over.
 */
export function dropped(data: DataTransfer): AsyncIterable<Incoming> {
  const items = Array.from(data.items ?? []).filter(({ kind }) => kind === 'file');
  const found = items.map((item) => ({ entry: item.webkitGetAsEntry?.() ?? null, file: item.getAsFile() }));
  const plain = items.length === 0 ? Array.from(data.files) : [];
  return (async function* () {
    for (const file of plain) yield { file, path: [] };
    for (const { entry, file } of found) {
      // A file without an entry was made by a script, and is a file all the same.
      if (entry?.isDirectory) yield* below(entry as FileSystemDirectoryEntry, []);
      else if (file) yield { file, path: [] };
    }
  })();
}

async function* below(folder: FileSystemDirectoryEntry, above: string[]): AsyncGenerator<Incoming> {
  if (LEFTOVERS.test(folder.name)) return;
  const path = [...above, folder.name];
  const reader = folder.createReader();
  let empty = true;
  // The entries come a hundred at a time, until there are none.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) break;
    for (const entry of some) {
      if (LEFTOVERS.test(entry.name)) continue;
      empty = false;
      if (entry.isDirectory) yield* below(entry as FileSystemDirectoryEntry, path);
      else yield { file: await fileOf(entry as FileSystemFileEntry), path };
    }
  }
  if (empty) yield { file: null, path };
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((done, failed) => entry.file(done, failed));
}

/** The files of the clipboard; a picture that has no name gets one that says when it came. */
export function pasted(data: DataTransfer, screenshot: string, now = new Date()): Incoming[] {
  return Array.from(data.files, (file) => {
    if (!FROM_CLIPBOARD.test(file.name)) return { file, path: [] };
    const ending = file.name.slice(file.name.lastIndexOf('.'));
    return {
      file: new File([file], `${screenshot} ${moment(now)}${ending}`, {
        type: file.type,
        lastModified: file.lastModified,
      }),
      path: [],
    };
  });
}

/** `2026-11-20 10.15`, by the clock on the wall; colons are not allowed in the names of files everywhere. */
function moment(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day} ${two(at.getHours())}.${two(at.getMinutes())}`;
}
