import { fit, pan, reveal, zoomStep } from '../geometry/camera.ts';
import { middle, union } from '../geometry/rect.ts';
import type { Board } from '../model/board.ts';
import { takenWith } from '../model/groups.ts';
import { inReadingOrder } from '../outline/outline.ts';
import { isLocked } from '../operations/selection.ts';
import type { Effect } from './effects.ts';
import type { Input } from './input.ts';
import { selectionBox } from './pick.ts';
import type { Step } from './reduce.ts';
import { atRest, choose, type Stage, type Tool } from './stage.ts';

type Key = Extract<Input, { type: 'key' }>;

const TOOL_KEYS: Record<string, Tool> = {
  v: 'select',
  h: 'hand',
  n: 'note',
  t: 'text',
  r: 'rect',
  o: 'ellipse',
  d: 'diamond',
  p: 'pen',
  c: 'connector',
  f: 'frame',
  l: 'laser',
};
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Degrees, as the knob turns with Shift. */
const TURNS: Record<string, number> = { ',': -15, '.': 15 };

const selected = (ids: Iterable<string>): Effect => ({
  do: 'live',
  message: { kind: 'selection', ids: [...ids] },
});

/** A key on the canvas. Null when it is not the board's: the browser's meaning stays. Copy and paste are DOM events. */
export function press(stage: Stage, input: Key, board: Board): Step | null {
  return command(stage, input, board) ?? view(stage, input, board) ?? plain(stage, input, board);
}

function command(stage: Stage, { key, shift, command: held }: Key, board: Board): Step | null {
  if (!held) return null;
  const ids = [...stage.selection];
  const write = (effect: Effect): Step => [stage, stage.readOnly || ids.length === 0 ? [] : [effect]];
  switch (key.toLowerCase()) {
    case 'a': {
      const all = board.ordered().filter((one) => !isLocked(board, one));
      const taken = new Set(all.map((one) => takenWith(board.find, one, stage.inside).id));
      return [choose(stage, taken), [selected(taken)]];
    }
    case 'z':
      return [atRest(stage), stage.readOnly ? [] : [shift ? { do: 'redo' } : { do: 'undo' }]];
    case 'y':
      return [atRest(stage), stage.readOnly ? [] : [{ do: 'redo' }]];
    case 'd':
      return write({ do: 'duplicate', ids, dx: 24, dy: 24 });
    case 'g':
      return write({ do: shift ? 'ungroup' : 'group', ids });
    case 'l':
      return shift
        ? write({ do: 'lock', ids, locked: ids.some((id) => board.find(id)?.locked !== true) })
        : null;
    case ']':
      return write({ do: 'stack', ids, how: shift ? 'front' : 'forward' });
    case '[':
      return write({ do: 'stack', ids, how: shift ? 'back' : 'backward' });
    default: {
      const arrow = ARROWS[key];
      const effect = arrow && sized(stage, board, arrow, shift ? 1 : 8);
      return effect ? write(effect) : null;
    }
  }
}

/** What pulling the lower right corner does, for the keyboard. Null where there is nothing with a size. */
function sized(
  { selection }: Stage,
  board: Board,
  [dx, dy]: readonly [number, number],
  by: number,
): Effect | null {
  const ids = [...selection];
  const box = selectionBox(board, ids);
  if (box === null) return null;
  const [w, h] = [Math.max(8, box.w + dx * by), Math.max(8, box.h + dy * by)];
  const [id] = ids;
  if (box.r !== 0 && id !== undefined) return { do: 'bounds', id, bounds: { ...box, w, h } };
  return { do: 'resize', ids, from: box, to: { x: box.x, y: box.y, w, h } };
}

function view(stage: Stage, { key, shift, alt, command: held }: Key, board: Board): Step | null {
  const look = (camera: Stage['camera']): Step => [{ ...stage, camera }, []];
  if (alt) return null;
  if (key === '+' || key === '=' || (key === ';' && shift))
    return look(zoomStep(stage.camera, stage.view, 1));
  if (key === '-') return look(zoomStep(stage.camera, stage.view, -1));
  if (key === '0') return look(zoomTo(stage, 1));
  if (held) return null;
  if (key === '1' && !shift) return look(fitAll(stage, board, board.elements.keys()));
  if (key === '2' && !shift) return look(fitAll(stage, board, stage.selection));
  if (key === ' ') return [{ ...stage, space: true }, []];
  return null;
}

function zoomTo({ camera, view: { w, h } }: Stage, zoom: number): Stage['camera'] {
  const [x, y] = [camera.x + w / camera.zoom / 2, camera.y + h / camera.zoom / 2];
  return { x: x - w / zoom / 2, y: y - h / zoom / 2, zoom };
}

function fitAll(stage: Stage, board: Board, ids: Iterable<string>): Stage['camera'] {
  const rects = Array.from(ids, (id) => board.rectOf(id)).filter((rect) => rect !== undefined);
  const all = union(rects);
  // Room for the tools that lie over the edge; on a phone they lie below.
  return all === null ? stage.camera : fit(all, stage.view, stage.view.w < 720 ? 24 : 88);
}

function plain(stage: Stage, input: Key, board: Board): Step | null {
  const { key, shift, alt, command: held } = input;
  if (held || alt) return null;
  const ids = [...stage.selection];
  const arrow = ARROWS[key];
  if (arrow) return arrowKey(stage, arrow, shift, ids);
  if (key === 'Tab') return step(stage, board, shift ? -1 : 1);
  if (key === 'Escape') return escape(stage);
  const tool = shift || input.repeat ? undefined : TOOL_KEYS[key.toLowerCase()];
  if (tool)
    return stage.readOnly && tool !== 'select' && tool !== 'hand' && tool !== 'laser'
      ? null
      : [{ ...atRest(stage), tool, keepTool: false }, []];
  if (stage.readOnly || ids.length === 0) return null;
  if (key === 'Delete' || key === 'Backspace') return [stage, [{ do: 'remove', ids }]];
  const turn = TURNS[key];
  const box = turn === undefined ? null : selectionBox(board, ids);
  if (box) return [stage, [{ do: 'turn', ids, around: middle(box), degrees: turn! }]];
  const [only] = ids;
  const element = only === undefined ? undefined : board.find(only);
  if ((key === 'Enter' || key === 'F2') && ids.length === 1 && element && !isLocked(board, element)) {
    return element.kind === 'pen' ? null : [stage, [{ do: 'edit', id: element.id }]];
  }
  return null;
}

/** With something chosen the arrows move it by 8 (with Shift 1, for the fine work); else they move the view. */
function arrowKey(stage: Stage, [dx, dy]: readonly [number, number], shift: boolean, ids: string[]): Step {
  if (ids.length === 0 || stage.readOnly) {
    return [{ ...stage, camera: pan(stage.camera, -dx * 80, -dy * 80) }, []];
  }
  const by = shift ? 1 : 8;
  return [stage, [{ do: 'move', ids, dx: dx * by, dy: dy * by }]];
}

function escape(stage: Stage): Step {
  if (stage.doing.kind !== 'nothing') return [atRest(stage), [{ do: 'live', message: { kind: 'idle' } }]];
  if (stage.tool !== 'select') return [{ ...stage, tool: 'select' }, []];
  if (stage.inside !== null)
    return [choose({ ...stage, inside: null }, [stage.inside]), [selected([stage.inside])]];
  return [choose(stage, []), [selected([])]];
}

/** The next or previous thing in reading order; null at the ends, so that Tab goes on out of the board. */
function step(stage: Stage, board: Board, direction: 1 | -1): Step | null {
  const wholes = new Set([...board.elements.values()].map((one) => takenWith(board.find, one, stage.inside)));
  const order = inReadingOrder(board, wholes);
  const last = [...stage.selection].at(-1);
  const at = order.findIndex(({ id }) => id === last);
  const next = order[at === -1 ? (direction === 1 ? 0 : order.length - 1) : at + direction];
  if (next === undefined) return null;
  const rect = board.rectOf(next.id);
  const camera = rect ? reveal(stage.camera, rect, stage.view) : stage.camera;
  return [choose({ ...stage, camera }, [next.id]), [selected([next.id])]];
}
