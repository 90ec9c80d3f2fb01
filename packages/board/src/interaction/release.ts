import { between, distance } from '../geometry/rect.ts';
import type { Board } from '../model/board.ts';
import { holdsText, type Bounds, type Style } from '../model/element.ts';
import { takenWith } from '../model/groups.ts';
import { NOTE } from '../operations/create.ts';
import { isLocked } from '../operations/selection.ts';
import type { Effect } from './effects.ts';
import type { Pointed } from './input.ts';
import { boardPoint, reachOf, takenAt, topAt } from './pick.ts';
import type { Step } from './reduce.ts';
import { atRest, choose, type Doing, type Stage } from './stage.ts';

type Of<K extends Doing['kind']> = Extract<Doing, { kind: K }>;

const idle: Effect = { do: 'live', message: { kind: 'idle' } };

/** A pointer is let go: what it did is written now, once. */
export function release(stage: Stage, input: Pointed): Step {
  const pointers = new Map(stage.pointers);
  pointers.delete(input.id);
  const up = { ...stage, pointers };
  const { doing } = stage;
  const rest = atRest(up);
  switch (doing.kind) {
    case 'nothing':
      return [up, []];
    case 'pinching': {
      const [left] = pointers.values();
      return [{ ...rest, doing: left ? { kind: 'panning', last: left } : rest.doing }, []];
    }
    case 'pressing':
      return [choose(rest, doing.after), selected(doing.after)];
    case 'marquee':
      return [rest, selected(stage.selection)];
    case 'panning':
    case 'pointing':
      return [rest, [idle]];
    case 'moving': {
      const { ids, dx, dy, copy } = doing;
      return [rest, [{ do: copy ? 'duplicate' : 'move', ids, dx, dy }, idle]];
    }
    case 'resizing':
      return [rest, [resizeWrite(doing), idle]];
    case 'turning':
      return [rest, [{ do: 'turn', ids: doing.ids, around: doing.around, degrees: doing.degrees }, idle]];
    case 'drawing': {
      const style = stage.styles.pen ?? {};
      return [rest, [{ do: 'ink', points: doing.points, style }, idle]];
    }
    case 'placing':
      return place(rest, doing);
    case 'connecting':
      return connect(rest, doing);
  }
}

const selected = (ids: ReadonlySet<string>): Effect[] => [
  { do: 'live', message: { kind: 'selection', ids: [...ids] } },
];

function resizeWrite({ ids, box, to }: Of<'resizing'>): Effect {
  const [id] = ids;
  return ids.length === 1 && id !== undefined && box.r !== 0
    ? { do: 'bounds', id, bounds: to }
    : { do: 'resize', ids, from: box, to };
}

/** Sizes of what is made by a click instead of a drag. */
const CLICKED: Record<Of<'placing'>['shape'], { w: number; h: number }> = {
  note: NOTE,
  text: { w: 240, h: 32 },
  frame: { w: 960, h: 640 },
  rect: { w: 200, h: 120 },
  ellipse: { w: 160, h: 160 },
  diamond: { w: 180, h: 140 },
  triangle: { w: 160, h: 140 },
  hexagon: { w: 200, h: 140 },
};

function place(stage: Stage, { shape, from, to }: Of<'placing'>): Step {
  const dragged = distance(from, to) * stage.camera.zoom > 8;
  const { w, h } = CLICKED[shape];
  const box = dragged ? between(from, to) : { x: from.x - w / 2, y: from.y - h / 2, w, h };
  const bounds: Bounds = { ...box, w: Math.max(16, box.w), h: Math.max(16, box.h), r: 0 };
  const style: Style = stage.styles[shape] ?? {};
  const edit = holdsText(shape) || shape === 'frame';
  return [backToSelect(stage), [{ do: 'make', kind: shape, bounds, style, edit }, idle]];
}

function connect(stage: Stage, { id, from, to, which }: Of<'connecting'>): Step {
  if (id !== null) {
    return [stage, [{ do: 'reconnect', id, ...(which === 'from' ? { from } : { to }) }, idle]];
  }
  const sameElement = from.id !== null && from.id === to.id;
  if (sameElement || distance(from, to) * stage.camera.zoom < 8) return [stage, [idle]];
  const style = stage.styles.connector ?? {};
  return [backToSelect(stage), [{ do: 'connect', from, to, style }, idle]];
}

const backToSelect = (stage: Stage): Stage => (stage.keepTool ? stage : { ...stage, tool: 'select' });

/** A double click: opens a group, then the text inside; on empty board it makes a note. */
export function openAt(stage: Stage, input: Pointed, board: Board): Step {
  const at = boardPoint(stage, input.at);
  const reach = reachOf(stage, input.device);
  const top = topAt(board, at, reach);
  if (stage.tool !== 'select') return [stage, []];
  const titled = top === null ? takenAt(stage, board, at, reach) : null;
  if (titled !== null) {
    const stays = stage.readOnly || isLocked(board, titled);
    return [choose(atRest(stage), [titled.id]), stays ? [] : [{ do: 'edit', id: titled.id }]];
  }
  if (top === null) {
    if (stage.readOnly) return [stage, []];
    const { w, h } = NOTE;
    const bounds = { x: at.x - w / 2, y: at.y - h / 2, w, h, r: 0 };
    return [
      atRest(stage),
      [{ do: 'make', kind: 'note', bounds, style: stage.styles.note ?? {}, edit: true }],
    ];
  }
  const taken = takenAt(stage, board, at, reach)!;
  if (taken.kind === 'group') {
    const inner = takenWith(board.find, top, taken.id);
    return [choose({ ...atRest(stage), inside: taken.id }, [inner.id]), selected(new Set([inner.id]))];
  }
  if (stage.readOnly || isLocked(board, taken) || taken.kind === 'pen') return [stage, []];
  return [choose(atRest(stage), [taken.id]), [{ do: 'edit', id: taken.id }]];
}
