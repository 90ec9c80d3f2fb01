import * as Y from 'yjs';
import type { Board } from './board.ts';

/** Undo and redo of one person's own changes. Others' edits stay, also where they touched the same element. */
export interface History {
  undo(): boolean;
  redo(): boolean;
  canUndo(): boolean;
  canRedo(): boolean;
  subscribe(listener: () => void): () => void;
  destroy(): void;
}

/** Typing within this time is one step. Everything else is one step each. */
const TYPING = 800;

/** `typing` tells whether a transaction is a stretch of typing, which grows the step before it. */
export function createHistory(board: Board): History {
  const manager = new Y.UndoManager(board.stored, {
    trackedOrigins: new Set([board.origin]),
    captureTimeout: TYPING,
  });
  let typed: string | null = null;
  const separate = (transaction: Y.Transaction) => {
    if (transaction.origin !== board.origin) return;
    const text = typedText(transaction);
    if (text === null || text !== typed) manager.stopCapturing();
    typed = text;
  };
  board.doc.on('beforeObserverCalls', separate);
  return {
    undo: () => manager.undo() !== null,
    redo: () => manager.redo() !== null,
    canUndo: () => manager.canUndo(),
    canRedo: () => manager.canRedo(),
    subscribe: (listener) => {
      const events = ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const;
      for (const event of events) manager.on(event, listener);
      return () => {
        for (const event of events) manager.off(event, listener);
      };
    },
    destroy: () => {
      board.doc.off('beforeObserverCalls', separate);
      manager.destroy();
    },
  };
}

/** When a transaction changed one existing text and nothing else: an id of that text. */
function typedText(transaction: Y.Transaction): string | null {
  if (transaction.changed.size !== 1) return null;
  const [type] = transaction.changed.keys();
  return type instanceof Y.Text ? JSON.stringify(type._item?.id ?? null) : null;
}
