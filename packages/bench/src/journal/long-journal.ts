import { once } from 'node:events';
import { crc32 } from 'node:zlib';
import type { Sql } from '@engawa/db';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { chance } from '../sync/traces.ts';

/** Letters a paragraph, and paragraphs that are kept: what is older is deleted, as in a list that goes on for years. */
const PARAGRAPH = 400;
const PARAGRAPHS = 300;

interface Wanted {
  itemId: string;
  author: string;
  updates: number;
}

/**
 * Writes a journal of real keystrokes, one row each, straight into its table. Returns how many bytes that were, and the
 * content that is left as one update that was written at once.
 */
export async function longJournal(sql: Sql, { itemId, author, updates }: Wanted) {
  await sql`insert into journal_heads (item, generation, seq) values (${itemId}, 1, ${updates})`;
  const copy = await sql`copy journal_rows (item, generation, seq, updates, checksum) from stdin`.writable();
  const doc = new Y.Doc();
  let [seq, bytes] = [0, 0];
  let lines: string[] = [];
  doc.on('update', (update: Uint8Array) => {
    if (seq >= updates) return;
    const row = packed(author, update);
    seq += 1;
    bytes += row.length;
    lines.push(`${itemId}\t1\t${seq}\t\\\\x${row.toString('hex')}\t${crc32(row)}\n`);
  });
  const type = typist(doc);
  while (seq < updates) {
    for (let step = 0; step < 1_000 && seq < updates; step += 1) type();
    if (!copy.write(lines.join(''))) await once(copy, 'drain');
    lines = [];
  }
  copy.end();
  await once(copy, 'finish');
  return { bytes, whole: writtenAtOnce(doc) };
}

/** The row of one keystroke, as the journal packs it. Were it another, its checksum would fail on loading. */
function packed(author: string, update: Uint8Array): Buffer {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint(encoder, 1);
  encoding.writeUint8Array(encoder, Buffer.from(author.replaceAll('-', ''), 'hex'));
  encoding.writeVarUint8Array(encoder, update);
  return Buffer.from(encoding.toUint8Array(encoder));
}

/** One keystroke after the other: letters, some taken back, a new paragraph now and then, the oldest deleted. */
function typist(doc: Y.Doc): () => void {
  const random = chance(7);
  const root = doc.getXmlFragment('content');
  let text: Y.XmlText | null = null;
  return () =>
    doc.transact(() => {
      if (text === null || text.length >= PARAGRAPH) {
        const paragraph = new Y.XmlElement('paragraph');
        text = new Y.XmlText();
        paragraph.insert(0, [text]);
        root.insert(root.length, [paragraph]);
        if (root.length > PARAGRAPHS) root.delete(0, 1);
      } else if (text.length > 0 && random() < 0.2) text.delete(text.length - 1, 1);
      else text.insert(text.length, String.fromCharCode(0x3042 + Math.floor(random() * 80)));
    });
}

function writtenAtOnce(doc: Y.Doc): Uint8Array {
  const fresh = new Y.Doc();
  fresh.transact(() => {
    for (const paragraph of doc.getXmlFragment('content').toArray()) {
      const copy = new Y.XmlElement('paragraph');
      const text = new Y.XmlText();
      text.insert(0, ((paragraph as Y.XmlElement).get(0) as Y.XmlText).toJSON());
      copy.insert(0, [text]);
      fresh.getXmlFragment('content').insert(fresh.getXmlFragment('content').length, [copy]);
    }
  });
  return Y.encodeStateAsUpdate(fresh);
}
