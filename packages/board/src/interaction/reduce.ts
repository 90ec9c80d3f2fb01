import { pan, reveal, zoomByWheel } from '../geometry/camera.ts';
import { union } from '../geometry/rect.ts';
import type { Board } from '../model/board.ts';
import { drag } from './drag.ts';
import type { Effect } from './effects.ts';
import type { Input } from './input.ts';
import { press as pressKey } from './keys.ts';
import { press } from './press.ts';
import { openAt, release } from './release.ts';
import { atRest, choose, type Stage } from './stage.ts';

/** The stage after an input, and what is to be done. */
export type Step = readonly [Stage, readonly Effect[]];

/** What an input means. Pure: reads the board, changes nothing; the app performs the effects. */
export function reduce(stage: Stage, input: Input, board: Board): Step {
  switch (input.type) {
    case 'down':
      return press(stage, input, board);
    case 'move':
      return drag(stage, input, board);
    case 'up': {
      // The last movement counts, also where the browser sent none.
      const [last] = stage.doing.kind === 'nothing' ? [stage] : drag(stage, input, board);
      return release(last, input);
    }
    case 'double':
      return openAt(stage, input, board);
    case 'cancel': {
      const pointers = new Map(stage.pointers);
      pointers.delete(input.id);
      return [atRest({ ...stage, pointers }), [{ do: 'live', message: { kind: 'idle' } }]];
    }
    case 'leave':
      return [{ ...stage, cursor: null, hover: null }, [{ do: 'live', message: { kind: 'away' } }]];
    case 'wheel':
      return [{ ...stage, camera: wheel(stage, input) }, []];
    case 'key':
      return pressKey(stage, input, board) ?? [stage, []];
    case 'keyup':
      return [input.key === ' ' ? { ...stage, space: false } : stage, []];
    case 'tool':
      return [{ ...atRest(stage), tool: input.tool, keepTool: input.keep ?? false }, []];
    case 'style':
      return restyle(stage, input.style);
    case 'view':
      return [{ ...stage, view: input.view }, []];
    case 'camera':
      return [{ ...stage, camera: input.camera }, []];
    case 'select':
      return select(stage, input, board);
    case 'readOnly':
      return [input.readOnly ? { ...atRest(stage), readOnly: true } : { ...stage, readOnly: false }, []];
  }
}

/** Whether a key is the board's, so that the app knows when to keep it from the browser. */
export const takesKey = (stage: Stage, input: Extract<Input, { type: 'key' }>, board: Board) =>
  pressKey(stage, input, board) !== null;

function wheel({ camera }: Stage, { at, dx, dy, zoom }: Extract<Input, { type: 'wheel' }>) {
  return zoom ? zoomByWheel(camera, at, dy) : pan(camera, -dx, -dy);
}

/** The style of what is chosen, and of what is made next with the tool. */
function restyle(stage: Stage, style: Extract<Input, { type: 'style' }>['style']): Step {
  const styles = { ...stage.styles, [stage.tool]: { ...stage.styles[stage.tool], ...style } };
  const ids = [...stage.selection];
  const write: Effect[] = ids.length === 0 || stage.readOnly ? [] : [{ do: 'restyle', ids, style }];
  return [{ ...stage, styles }, write];
}

function select(stage: Stage, { ids, reveal: show }: Extract<Input, { type: 'select' }>, board: Board): Step {
  const next = choose(stage, ids);
  const rects = ids.map((id) => board.rectOf(id)).filter((rect) => rect !== undefined);
  const all = show ? union(rects) : null;
  const camera = all === null ? stage.camera : reveal(stage.camera, all, stage.view);
  return [{ ...next, camera }, [{ do: 'live', message: { kind: 'selection', ids } }]];
}

/** After the board has changed: what is gone cannot stay chosen, nor in the hand. */
export function caughtUp(stage: Stage, board: Board): Stage {
  const here = (id: string) => board.find(id) !== undefined;
  const selection = [...stage.selection].every(here)
    ? stage.selection
    : new Set([...stage.selection].filter(here));
  const inside = stage.inside !== null && here(stage.inside) ? stage.inside : null;
  const lost = [...stage.held.keys()].some((id) => !here(id));
  const next = { ...stage, selection, inside };
  return lost ? atRest(next) : next;
}
