import type { Camera, ViewSize } from '../geometry/camera.ts';
import type { Handle } from '../geometry/handles.ts';
import type { InkPoint } from '../geometry/ink.ts';
import type { Point, Rect } from '../geometry/rect.ts';
import type { Guide } from '../geometry/snap.ts';
import type { Bounds, Element, End, Shape, Style } from '../model/element.ts';

export const TOOLS = [
  'select',
  'hand',
  'note',
  'text',
  'rect',
  'ellipse',
  'diamond',
  'triangle',
  'hexagon',
  'pen',
  'connector',
  'frame',
  'laser',
] as const;
export type Tool = (typeof TOOLS)[number];

/** What the pointer is doing between being pressed and let go. */
export type Doing =
  | { kind: 'nothing' }
  | { kind: 'panning'; last: Point }
  | { kind: 'pinching'; ids: [number, number] }
  /** Pressed, not yet moved: a click, or the beginning of a drag. `after` is chosen when it was a click. */
  | { kind: 'pressing'; at: Point; ids: string[]; after: ReadonlySet<string> }
  | { kind: 'marquee'; from: Point; to: Point; added: ReadonlySet<string> }
  | {
      kind: 'moving';
      from: Point;
      ids: string[];
      box: Rect;
      near: Rect[];
      dx: number;
      dy: number;
      copy: boolean;
    }
  | { kind: 'resizing'; from: Point; ids: string[]; handle: Handle; box: Bounds; to: Bounds }
  | { kind: 'turning'; ids: string[]; around: Point; start: number; degrees: number }
  | { kind: 'drawing'; points: InkPoint[] }
  | { kind: 'placing'; shape: Shape | 'note' | 'text' | 'frame'; from: Point; to: Point }
  /** A new connector, or (with `id`) one end of an old one. */
  | { kind: 'connecting'; id: string | null; which: 'from' | 'to'; from: End; to: End }
  | { kind: 'pointing'; points: Point[] };

/** All that the hand and the eye of one person are doing on a board. Plain and replaced, never changed. */
export interface Stage {
  readonly tool: Tool;
  /** Stay with the tool after one use: double click on it. */
  readonly keepTool: boolean;
  /** Style of what is made next, by tool. */
  readonly styles: Readonly<Partial<Record<Tool, Style>>>;
  readonly camera: Camera;
  readonly view: ViewSize;
  readonly selection: ReadonlySet<string>;
  /** The group that was opened by a double click: inside it single members can be taken. */
  readonly inside: string | null;
  readonly doing: Doing;
  /** Pointers that are down, where they are on the screen. */
  readonly pointers: ReadonlyMap<number, Point>;
  /** Where the pointer is on the board; null when it is not over it. */
  readonly cursor: Point | null;
  readonly hover: string | null;
  /** What is being dragged, as it is now: laid over the board while drawing. */
  readonly held: ReadonlyMap<string, Element>;
  readonly guides: readonly Guide[];
  /** The space bar is down: the hand, for as long as it is. */
  readonly space: boolean;
  /** May only look: pan, zoom, choose, copy. */
  readonly readOnly: boolean;
}

const NOTHING: ReadonlyMap<string, Element> = new Map();

export const newStage = (view: ViewSize, readOnly = false): Stage => ({
  tool: 'select',
  keepTool: false,
  styles: { note: { fill: 'yellow' }, pen: { line: 'ink', width: 4 } },
  camera: { x: -view.w / 2, y: -view.h / 2, zoom: 1 },
  view,
  selection: new Set(),
  inside: null,
  doing: { kind: 'nothing' },
  pointers: new Map(),
  cursor: null,
  hover: null,
  held: NOTHING,
  guides: [],
  space: false,
  readOnly,
});

/** The stage with nothing in hand. */
export const atRest = (stage: Stage): Stage => ({
  ...stage,
  doing: { kind: 'nothing' },
  held: NOTHING,
  guides: [],
});

export const choose = (stage: Stage, ids: Iterable<string>): Stage => ({ ...stage, selection: new Set(ids) });
