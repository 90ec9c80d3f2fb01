import { MAX_MARKDOWN } from '@engawa/schema';

/** A character of Japanese is three bytes in UTF-8: what is larger cannot be a document that is taken. */
const MOST_BYTES = MAX_MARKDOWN * 3;
const MOST_GRAPHEMES = 200;

/** The text of a Markdown file. Throws with a code for the reader when it is too large to be read or not UTF-8. */
export async function textOfFile(file: File): Promise<string> {
  if (file.size > MOST_BYTES) throw new UnreadableFile('too_long');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new UnreadableFile('invalid');
  }
}

export class UnreadableFile extends Error {
  readonly why: 'too_long' | 'invalid';

  constructor(why: 'too_long' | 'invalid') {
    super(`The file is ${why}`);
    this.why = why;
  }
}

/** What to call a document: its first heading as plain words, else the name of its file. */
export function titleOf(markdown: string, fileName: string): string {
  const heading = /^ {0,3}#\s+(.+?)\s*#*\s*$/m.exec(markdown)?.[1] ?? '';
  const words = heading
    .replace(/<[^>]*>/g, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\\([^\w\s])/g, '$1')
    .replace(/[*_~`]{1,3}(\S(?:.*?\S)?)[*_~`]{1,3}/g, '$1')
    .trim();
  const name = fileName.replace(/\.(md|markdown|txt)$/i, '').trim();
  return [...new Intl.Segmenter().segment(words || name)]
    .slice(0, MOST_GRAPHEMES)
    .map(({ segment }) => segment)
    .join('');
}
