import { ELEMENTS } from '@engawa/board';
import * as Y from 'yjs';
import type { Unsaved } from '#lib/live/own-edits.ts';

/** The texts on a board that hold letters of one's own that are not saved, one a line. */
export function ownWords(doc: Y.Doc, unsaved: Unsaved): string {
  const lines: string[] = [];
  for (const element of doc.getMap(ELEMENTS).values()) {
    const text: unknown = element instanceof Y.Map ? element.get('t') : undefined;
    if (text instanceof Y.Text && isOwn(text, unsaved)) lines.push(text.toString());
  }
  return lines.filter((line) => line.trim() !== '').join('\n');
}

function isOwn(text: Y.Text, unsaved: Unsaved): boolean {
  for (let item = text._start; item !== null; item = item.right) {
    const since = unsaved.get(item.id.client);
    if (!item.deleted && since !== undefined && item.id.clock + item.length > since) return true;
  }
  return false;
}
