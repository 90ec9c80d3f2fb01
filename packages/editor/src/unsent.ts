import * as Y from 'yjs';

/** Own client ids, each with the clock from which on its edits are not known to be saved. */
export type Unsaved = ReadonlyMap<number, number>;

function ownCharacters(text: Y.XmlText, unsaved: Unsaved): string {
  let words = '';
  for (let item = text._start; item !== null; item = item.right) {
    const since = unsaved.get(item.id.client);
    if (item.deleted || since === undefined || !(item.content instanceof Y.ContentString)) continue;
    words += item.content.str.slice(Math.max(0, since - item.id.clock));
  }
  return words;
}

/**
 * What a person typed that is not known to be saved, one block a line, and nothing that others wrote: all that may
 * be handed to someone whose access has ended.
 */
export function unsentText(content: Y.XmlFragment, unsaved: Unsaved): string {
  const lines: string[] = [];
  const walk = (parent: Y.XmlFragment, depth: number) => {
    const words: string[] = [];
    for (const child of parent.toArray() as unknown[]) {
      if (child instanceof Y.XmlText) words.push(ownCharacters(child, unsaved));
      else if (child instanceof Y.XmlElement && depth < 500) walk(child, depth + 1);
    }
    const line = words.join('');
    if (line !== '') lines.push(line);
  };
  walk(content, 0);
  return lines.join('\n');
}
