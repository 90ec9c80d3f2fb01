import { boardShape, checkBoardStructs, ELEMENTS } from '@engawa/board';
import { checkStructs, documentShape } from '@engawa/editor';
import { DOCUMENT_ROOT } from '@engawa/schema';
import { findIn } from '@engawa/structs';
import type * as Y from 'yjs';
import type { IncomingUpdate } from '../sockets/frames.ts';

/** What live items of one kind are made of. */
export interface LiveKind {
  readonly name: 'doc' | 'board';
  /** Names the roots of a loaded document, so that the content check can tell them from what is in them. */
  nameRoots(doc: Y.Doc): void;
  /** What is wrong with structs that are about to be put into `doc`, for the log; null when nothing is. */
  faultIn(structs: IncomingUpdate['structs'], doc: Y.Doc): string | null;
}

const KINDS = new Map<string, LiveKind>([
  [
    'doc',
    {
      name: 'doc',
      nameRoots: (doc) => void doc.getXmlFragment(DOCUMENT_ROOT),
      faultIn: (structs, doc) => checkStructs(structs, documentShape, findIn(doc)),
    },
  ],
  [
    'board',
    {
      name: 'board',
      nameRoots: (doc) => void doc.getMap(ELEMENTS),
      faultIn: (structs, doc) => checkBoardStructs(structs, boardShape, findIn(doc)),
    },
  ],
]);

/** The kind of item that is edited live; undefined for folders, files and whatever else there is. */
export const liveKind = (kind: string): LiveKind | undefined => KINDS.get(kind);
