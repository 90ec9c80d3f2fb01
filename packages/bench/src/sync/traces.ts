import * as Y from 'yjs';

/** The same numbers every time (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function textIn(doc: Y.Doc): Y.XmlText {
  const paragraph = new Y.XmlElement('paragraph');
  doc.getXmlFragment('content').insert(doc.getXmlFragment('content').length, [paragraph]);
  const text = new Y.XmlText();
  paragraph.insert(0, [text]);
  return text;
}

const letter = (random: () => number) => String.fromCharCode(97 + Math.floor(random() * 26));

/**
 * How a paper is written: runs of typing, some taken back, then a move to elsewhere, mostly nearby. As many insertions
 * and deletions as the B4 trace of crdt-benchmarks (182 315 and 77 463), which no registry carries; the text is made up.
 */
export function writtenPaper(share = 1): Uint8Array {
  const random = chance(4);
  const doc = new Y.Doc();
  doc.clientID = 4;
  const text = textIn(doc);
  let [inserts, deletes] = [Math.round(182_315 * share), Math.round(77_463 * share)];
  let at = 0;
  while (inserts + deletes > 0) {
    doc.transact(() => {
      for (let run = 1 + Math.floor(random() * 40); run > 0 && inserts > 0; run -= 1) {
        text.insert(at, letter(random));
        at += 1;
        inserts -= 1;
      }
      for (
        let run = Math.floor(random() * 18);
        (run > 0 || inserts === 0) && deletes > 0 && at > 0;
        run -= 1
      ) {
        at -= 1;
        text.delete(at, 1);
        deletes -= 1;
      }
    });
    if (random() < 0.6) at = Math.max(0, Math.min(text.length, at + Math.floor((random() - 0.5) * 200)));
    else at = Math.floor(random() * (text.length + 1));
    if (inserts === 0 && text.length > 0) at = Math.max(1, at);
  }
  return Y.encodeStateAsUpdate(doc);
}

/** Single letters at random places: about ten bytes each, the worst that typing can do. */
export function randomLetters(count: number): Uint8Array {
  const random = chance(1);
  const doc = new Y.Doc();
  doc.clientID = 1;
  const text = textIn(doc);
  for (let done = 0; done < count; done += 1_000)
    doc.transact(() => {
      for (let index = done; index < Math.min(count, done + 1_000); index += 1)
        text.insert(Math.floor(random() * (text.length + 1)), letter(random));
    });
  return Y.encodeStateAsUpdate(doc);
}

/** A long report: paragraphs of 400 kana each. */
export function longReport(bytes: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 10;
  const paragraph = 'えんがわにすわってはなしをする。'.repeat(25);
  doc.transact(() => {
    for (let written = 0; written < bytes; written += paragraph.length * 3) textIn(doc).insert(0, paragraph);
  });
  return Y.encodeStateAsUpdate(doc);
}
