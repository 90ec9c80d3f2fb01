import { pan, pinch, visible } from '../geometry/camera.ts';
import { pulled, pulledTurned } from '../geometry/handles.ts';
import { between, distance, grow, rectOf, union, type Point, type Rect } from '../geometry/rect.ts';
import { snap } from '../geometry/snap.ts';
import type { Board } from '../model/board.ts';
import type { Element } from '../model/element.ts';
import type { LiveMessage } from '../live/message.ts';
import { unlocked } from '../operations/selection.ts';
import { apply, moved, movedBy, resized, turned, type Transformed } from '../operations/transform.ts';
import type { Pointed } from './input.ts';
import { boardPoint, endAt, reachOf, takenAt, takenIn } from './pick.ts';
import { pressureOf } from './press.ts';
import type { Step } from './reduce.ts';
import { choose, type Doing, type Stage } from './stage.ts';

type Of<K extends Doing['kind']> = Extract<Doing, { kind: K }>;

/** Screen pixels a pointer may tremble before a press becomes a drag. */
const TREMBLE = { mouse: 3, pen: 5, touch: 8 } as const;
/** Screen pixels from which things line up. */
const SNAP = 6;

const live = (message: LiveMessage) => ({ do: 'live', message }) as const;

/** A pointer moves. */
export function drag(stage: Stage, input: Pointed, board: Board): Step {
  const cursor = boardPoint(stage, input.at);
  const pointers = stage.pointers.has(input.id)
    ? new Map(stage.pointers).set(input.id, input.at)
    : stage.pointers;
  const next: Stage = { ...stage, cursor, pointers };
  const { doing } = stage;
  switch (doing.kind) {
    case 'nothing':
      return hover(next, input, board);
    case 'panning':
      return [
        {
          ...next,
          camera: pan(stage.camera, input.at.x - doing.last.x, input.at.y - doing.last.y),
          doing: { kind: 'panning', last: input.at },
        },
        [],
      ];
    case 'pinching':
      return pinching(stage, next, doing);
    case 'pressing':
      return distance(doing.at, input.at) < TREMBLE[input.device]
        ? [next, []]
        : drag(beginMove(next, doing, input, board), input, board);
    case 'marquee': {
      const area = between(doing.from, cursor);
      const ids = new Set([...doing.added, ...takenIn(next, board, area)]);
      return [
        { ...choose(next, ids), doing: { ...doing, to: cursor } },
        [live({ kind: 'cursor', at: cursor })],
      ];
    }
    case 'moving':
      return moving(next, doing, input, board);
    case 'resizing':
      return resizing(next, doing, input, board);
    case 'turning':
      return turning(next, doing, input, board);
    case 'drawing': {
      const last = doing.points.at(-1)!;
      if (distance(last, cursor) * stage.camera.zoom < 1.5) return [next, []];
      const points = [...doing.points, { ...cursor, pressure: pressureOf(input) }];
      const message: LiveMessage = { kind: 'drawing', first: points.length - 1, points: [cursor] };
      return [{ ...next, doing: { kind: 'drawing', points } }, [live(message)]];
    }
    case 'placing':
      return [{ ...next, doing: { ...doing, to: squared(doing.from, cursor, input.shift) } }, []];
    case 'connecting': {
      const other = doing.which === 'to' ? doing.from : doing.to;
      const end = endAt(board, cursor, reachOf(stage, input.device) * 2, other.id);
      return [{ ...next, doing: { ...doing, [doing.which]: end } }, [live({ kind: 'cursor', at: cursor })]];
    }
    case 'pointing':
      return [
        { ...next, doing: { kind: 'pointing', points: [...doing.points, cursor].slice(-200) } },
        [live({ kind: 'laser', first: doing.points.length - 1, points: [cursor] })],
      ];
  }
}

function hover(stage: Stage, input: Pointed, board: Board): Step {
  const taken =
    input.device === 'mouse' && stage.tool === 'select'
      ? takenAt(stage, board, stage.cursor!, reachOf(stage, input.device))
      : null;
  return [{ ...stage, hover: taken?.id ?? null }, [live({ kind: 'cursor', at: stage.cursor! })]];
}

function pinching(stage: Stage, next: Stage, { ids: [a, b] }: Of<'pinching'>): Step {
  const before = [stage.pointers.get(a), stage.pointers.get(b)];
  const after = [next.pointers.get(a), next.pointers.get(b)];
  if (!before[0] || !before[1] || !after[0] || !after[1]) return [next, []];
  return [{ ...next, camera: pinch(stage.camera, [before[0], before[1]], [after[0], after[1]]) }, []];
}

function beginMove(stage: Stage, { at, ids }: Of<'pressing'>, { device }: Pointed, board: Board): Stage {
  if (stage.readOnly || (ids.length === 0 && device === 'touch')) {
    return { ...stage, doing: { kind: 'panning', last: at } };
  }
  if (ids.length === 0) {
    // On what is locked, as on the bare board: it is a ground on which other things are marked.
    const from = boardPoint(stage, at);
    return { ...choose(stage, []), doing: { kind: 'marquee', from, to: from, added: new Set() } };
  }
  const elements = movedBy(board, ids);
  const rects = elements.map((element) =>
    element.kind === 'connector' ? board.rectOf(element.id)! : rectOf(element),
  );
  const box = union(rects) ?? { x: 0, y: 0, w: 0, h: 0 };
  const mine = new Set(elements.map(({ id }) => id));
  const near = neighbours(stage, board, mine);
  return {
    ...stage,
    doing: { kind: 'moving', from: boardPoint(stage, at), ids, box, near, dx: 0, dy: 0, copy: false },
  };
}

/** What things may be lined up with: what is in view and stands still. Too many at once say nothing. */
function neighbours(stage: Stage, board: Board, mine: ReadonlySet<string>): Rect[] {
  const around = board.query(visible(stage.camera, stage.view));
  if (around.length > 1500) return [];
  return around.filter(({ id, kind }) => !mine.has(id) && kind !== 'connector' && kind !== 'pen').map(rectOf);
}

function moving(stage: Stage, doing: Of<'moving'>, input: Pointed, board: Board): Step {
  const cursor = stage.cursor!;
  let [dx, dy] = [cursor.x - doing.from.x, cursor.y - doing.from.y];
  // With Shift along one axis, as everywhere.
  if (input.shift) [dx, dy] = Math.abs(dx) > Math.abs(dy) ? [dx, 0] : [0, dy];
  const at = { ...doing.box, x: doing.box.x + dx, y: doing.box.y + dy };
  const reach = SNAP / stage.camera.zoom;
  const near = input.command ? [] : doing.near.filter((rect) => isNear(rect, at, stage));
  const lined = snap(at, near, reach);
  if (!input.shift || dx !== 0) dx += lined.dx;
  if (!input.shift || dy !== 0) dy += lined.dy;
  const held = transformed(movedBy(board, doing.ids), (element) => moved(element, dx, dy));
  const message = live({ kind: 'moving', at: cursor, ids: doing.ids, dx, dy });
  return [
    { ...stage, held, guides: lined.guides, doing: { ...doing, dx, dy, copy: input.alt } },
    input.alt ? [live({ kind: 'cursor', at: cursor })] : [message],
  ];
}

/** Lining up counts only what is within half a view. */
const isNear = (rect: Rect, box: Rect, { view, camera }: Stage) => {
  const reach = Math.min(view.w, view.h) / camera.zoom / 2;
  const around = grow(box, reach);
  return (
    rect.x < around.x + around.w &&
    rect.x + rect.w > around.x &&
    rect.y < around.y + around.h &&
    rect.y + rect.h > around.y
  );
};

function resizing(stage: Stage, doing: Of<'resizing'>, input: Pointed, board: Board): Step {
  const cursor = stage.cursor!;
  const by = { x: cursor.x - doing.from.x, y: cursor.y - doing.from.y };
  const elements = unlocked(board, doing.ids);
  const [only] = elements;
  const square = input.shift !== (elements.length === 1 && only?.kind === 'image');
  const keep = { square, centred: input.alt };
  if (elements.length === 1) {
    const to = pulledTurned(doing.box, doing.handle, by, keep);
    const held = transformed(elements, () => ({ bounds: to }));
    const message = live({ kind: 'resizing', at: cursor, ids: doing.ids, from: doing.box, to });
    return [{ ...stage, held, doing: { ...doing, to } }, only?.r === 0 ? [message] : []];
  }
  const to = { ...pulled(doing.box, doing.handle, by, keep), r: 0 };
  const held = transformed(elements, (element) => resized(element, doing.box, to));
  const message = live({ kind: 'resizing', at: cursor, ids: doing.ids, from: doing.box, to });
  return [{ ...stage, held, doing: { ...doing, to } }, [message]];
}

function turning(stage: Stage, doing: Of<'turning'>, input: Pointed, board: Board): Step {
  const { x, y } = stage.cursor!;
  const angle = Math.atan2(y - doing.around.y, x - doing.around.x) - doing.start;
  const exact = (angle * 180) / Math.PI;
  const elements = unlocked(board, doing.ids);
  const [only] = elements;
  const base = elements.length === 1 && only ? only.r : 0;
  // In steps of 15° with Shift; near a right angle it falls into place by itself.
  const right = Math.round((base + exact) / 90) * 90 - base;
  const degrees = input.shift
    ? Math.round((base + exact) / 15) * 15 - base
    : Math.abs(exact - right) < 4
      ? right
      : exact;
  const held = transformed(elements, (element) => turned(element, doing.around, degrees));
  return [{ ...stage, held, doing: { ...doing, degrees } }, [live({ kind: 'cursor', at: { x, y } })]];
}

function transformed(
  elements: readonly Element[],
  change: (element: Element) => Transformed,
): Map<string, Element> {
  return new Map(elements.map((element) => [element.id, apply(element, change(element))]));
}

function squared(from: Point, to: Point, square: boolean): Point {
  if (!square) return to;
  const side = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y));
  return {
    x: from.x + Math.sign(to.x - from.x || 1) * side,
    y: from.y + Math.sign(to.y - from.y || 1) * side,
  };
}
