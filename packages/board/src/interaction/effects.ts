import type { LiveMessage } from '../live/message.ts';
import type { Point, Rect } from '../geometry/rect.ts';
import type { InkPoint } from '../geometry/ink.ts';
import type { Board } from '../model/board.ts';
import type { Bounds, End, Kind, Style } from '../model/element.ts';
import { create, createConnector, createInk } from '../operations/create.ts';
import { group, setLocked, ungroup } from '../operations/group.ts';
import { reconnect, restyle } from '../operations/look.ts';
import { duplicate } from '../operations/paste.ts';
import { remove } from '../operations/remove.ts';
import { restack, type Restack } from '../operations/stack.ts';
import { move, resize, setBounds, turn } from '../operations/transform.ts';
import { isLocked } from '../operations/selection.ts';

/** What a stage wants done to the board; plain data, so that it can be tested, logged and refused. */
export type Write =
  | { do: 'move'; ids: string[]; dx: number; dy: number }
  | { do: 'duplicate'; ids: string[]; dx: number; dy: number }
  | { do: 'resize'; ids: string[]; from: Rect; to: Rect }
  | { do: 'bounds'; id: string; bounds: Bounds }
  | { do: 'turn'; ids: string[]; around: Point; degrees: number }
  | { do: 'make'; kind: Kind; bounds: Bounds; style: Style; edit: boolean }
  | { do: 'ink'; points: InkPoint[]; style: Style }
  | { do: 'connect'; from: End; to: End; style: Style }
  | { do: 'reconnect'; id: string; from?: End; to?: End }
  | { do: 'remove'; ids: string[] }
  | { do: 'stack'; ids: string[]; how: Restack }
  | { do: 'group' | 'ungroup'; ids: string[] }
  | { do: 'lock'; ids: string[]; locked: boolean }
  | { do: 'restyle'; ids: string[]; style: Style };

export type Effect =
  | Write
  /** Send to the others on the board; may be lost, and may be thinned out by the app. */
  | { do: 'live'; message: LiveMessage }
  /** Open the text of an element for typing. */
  | { do: 'edit'; id: string }
  | { do: 'undo' }
  | { do: 'redo' };

/** Writes it, in one transaction. Returns what is to be chosen then, if that changes. Throws `Invalid` past a limit. */
export function perform(board: Board, write: Write): string[] | null {
  switch (write.do) {
    case 'move':
      return chosen(null, move(board, write.ids, write.dx, write.dy));
    case 'duplicate':
      return duplicate(board, write.ids, write.dx, write.dy);
    case 'resize':
      return chosen(null, resize(board, write.ids, write.from, write.to));
    case 'bounds':
      return chosen(null, setBounds(board, write.id, write.bounds));
    case 'turn':
      return chosen(null, turn(board, write.ids, write.around, write.degrees));
    case 'make':
      return [create(board, { kind: write.kind, ...write.bounds, style: write.style })];
    case 'ink':
      return chosen(null, createInk(board, write.points, write.style));
    case 'connect':
      return [createConnector(board, write.from, write.to, write.style)];
    case 'reconnect':
      return chosen(null, reconnect(board, write.id, write));
    case 'remove':
      remove(board, write.ids);
      return write.ids.filter((id) => board.find(id) !== undefined);
    case 'stack':
      return chosen(null, restack(board, write.ids, write.how));
    case 'group': {
      const made = group(board, write.ids);
      return made === null ? null : [made];
    }
    case 'ungroup': {
      const groups = write.ids.filter((id) => {
        const element = board.find(id);
        return element?.kind === 'group' && !isLocked(board, element);
      });
      const members = groups.flatMap((id) => board.membersOf(id).map((member) => member.id));
      ungroup(board, groups);
      return [...write.ids.filter((id) => !groups.includes(id)), ...members];
    }
    case 'lock':
      return chosen(null, setLocked(board, write.ids, write.locked));
    case 'restyle':
      return chosen(null, restyle(board, write.ids, write.style));
  }
}

const chosen = (ids: string[] | null, _written: unknown) => ids;
