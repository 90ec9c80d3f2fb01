import { handleAt } from '../geometry/handles.ts';
import { distance, middle } from '../geometry/rect.ts';
import type { Board } from '../model/board.ts';
import { isLocked, leaves } from '../operations/selection.ts';
import type { Pointed, PointerInput } from './input.ts';
import { boardPoint, endAt, reachOf, selectionBox, takenAt } from './pick.ts';
import type { Step } from './reduce.ts';
import { atRest, choose, type Doing, type Stage, type Tool } from './stage.ts';

const doing = (stage: Stage, next: Doing): Step => [{ ...stage, doing: next }, []];

/** A pointer goes down. */
export function press(stage: Stage, input: Pointed, board: Board): Step {
  const pointers = new Map(stage.pointers).set(input.id, input.at);
  const next = { ...stage, pointers };
  if (pointers.size === 2) {
    // A second finger: whatever the first had begun is not meant.
    return [{ ...atRest(next), doing: { kind: 'pinching', ids: pinchIds(pointers) } }, [idle]];
  }
  if (pointers.size > 2) return [next, []];
  const tool: Tool = stage.space || input.button === 1 ? 'hand' : stage.tool;
  if (input.button === 2) return pressSecondary(next, input, board);
  if (tool === 'hand') return doing(next, { kind: 'panning', last: input.at });
  if (tool === 'laser') return doing(next, { kind: 'pointing', points: [boardPoint(next, input.at)] });
  if (tool === 'select' || stage.readOnly) return pressSelect(next, input, board);
  return pressMaking(next, input, board, tool);
}

const idle = { do: 'live', message: { kind: 'idle' } } as const;

function pinchIds(pointers: ReadonlyMap<number, unknown>): [number, number] {
  const [a = 0, b = 0] = pointers.keys();
  return [a, b];
}

/** The other button chooses what is under it, for the menu the app opens. */
function pressSecondary(stage: Stage, input: Pointed, board: Board): Step {
  const taken = takenAt(stage, board, boardPoint(stage, input.at), reachOf(stage, input.device));
  if (taken === null) return [choose(stage, []), []];
  return [stage.selection.has(taken.id) ? stage : choose(stage, [taken.id]), []];
}

function pressMaking(stage: Stage, input: PointerInput, board: Board, tool: Tool): Step {
  const at = boardPoint(stage, input.at);
  switch (tool) {
    case 'pen':
      return doing(stage, { kind: 'drawing', points: [{ ...at, pressure: pressureOf(input) }] });
    case 'connector': {
      const from = endAt(board, at, reachOf(stage, input.device) * 2);
      return doing(stage, {
        kind: 'connecting',
        id: null,
        which: 'to',
        from,
        to: { id: null, side: 'auto', ...at },
      });
    }
    case 'select':
    case 'hand':
    case 'laser':
      return [stage, []];
    default:
      return doing(stage, { kind: 'placing', shape: tool, from: at, to: at });
  }
}

/** A mouse has no pressure; 0.5 is what it reports, and what `packInk` spends no byte on. */
export const pressureOf = ({ device, pressure }: PointerInput) =>
  device === 'pen' && pressure > 0 ? pressure : 0.5;

function pressSelect(stage: Stage, input: Pointed, board: Board): Step {
  const at = boardPoint(stage, input.at);
  const reach = reachOf(stage, input.device);
  if (!stage.readOnly) {
    const grip = pressGrip(stage, input, board);
    if (grip) return grip;
  }
  const taken = takenAt(stage, board, at, reach);
  if (taken === null) {
    const outside = { ...stage, inside: null };
    // One finger on empty board moves the view: a marquee by finger is never meant.
    if (input.device === 'touch') return doing(choose(outside, []), { kind: 'panning', last: input.at });
    const added = input.shift ? stage.selection : new Set<string>();
    return doing(choose(outside, added), { kind: 'marquee', from: at, to: at, added });
  }
  const selected = stage.selection.has(taken.id);
  const after = input.shift ? toggled(stage.selection, taken.id) : new Set([taken.id]);
  // A finger moves what was chosen before; anything else is tapped or slid over: nobody displaces a note by looking around.
  const byFinger = input.device === 'touch' && !selected;
  const now = selected || byFinger ? stage.selection : after;
  const movable = (id: string) => {
    const element = board.find(id);
    return element !== undefined && !isLocked(board, element);
  };
  const ids = byFinger ? [] : [...now].filter(movable);
  return doing(choose(stage, now), { kind: 'pressing', at: input.at, ids, after });
}

function toggled(selection: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(selection);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** The handles around what is chosen, and the ends of a chosen connector. */
function pressGrip(stage: Stage, input: Pointed, board: Board): Step | null {
  const at = boardPoint(stage, input.at);
  const reach = reachOf(stage, input.device) * 1.75;
  const ids = [...stage.selection];
  const chosen = leaves(board, ids);
  const [only] = chosen;
  if (chosen.length === 0 || chosen.every((element) => isLocked(board, element))) return null;
  if (only?.kind === 'connector' && chosen.length === 1) {
    const { points } = board.routeOf(only);
    for (const which of ['to', 'from'] as const) {
      const tip = which === 'from' ? points[0]! : points.at(-1)!;
      if (distance(tip, at) > reach) continue;
      const [step] = doing(stage, { kind: 'connecting', id: only.id, which, from: only.from!, to: only.to! });
      return [step, []];
    }
    return null;
  }
  const box = selectionBox(board, ids);
  if (box === null || Math.max(box.w, box.h) * stage.camera.zoom < 12) return null;
  const handle = handleAt(box, at, reach, stage.camera.zoom);
  if (handle === null) return null;
  if (handle === 'knob') {
    const around = middle(box);
    const start = Math.atan2(at.y - around.y, at.x - around.x);
    return doing(stage, { kind: 'turning', ids, around, start, degrees: 0 });
  }
  return doing(stage, { kind: 'resizing', from: at, ids, handle, box, to: box });
}
