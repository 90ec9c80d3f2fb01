/** Closed shapes that may hold text. */
export const SHAPES = ['rect', 'ellipse', 'diamond', 'triangle', 'hexagon'] as const;
export type Shape = (typeof SHAPES)[number];

export const KINDS = ['note', 'text', ...SHAPES, 'pen', 'connector', 'image', 'frame', 'group'] as const;
export type Kind = (typeof KINDS)[number];

/** Colours have names, so that light and dark boards each give them their own value. */
export const COLOURS = [
  'none',
  'ink',
  'white',
  'gray',
  'yellow',
  'orange',
  'red',
  'pink',
  'purple',
  'blue',
  'teal',
  'green',
] as const;
export type Colour = (typeof COLOURS)[number];

/** How an element looks. It is stored and replaced as one value; what is absent has the default of its kind. */
export interface Style {
  fill?: Colour;
  line?: Colour;
  /** Width of the line in board units. */
  width?: number;
  dash?: 'solid' | 'dashed' | 'dotted';
  /** Size of the letters in board units; 0 makes them fit. */
  size?: number;
  align?: 'left' | 'center' | 'right';
  route?: 'straight' | 'curve' | 'elbow';
  /** Arrow heads at the start and the end of a connector. */
  heads?: 'none' | 'start' | 'end' | 'both';
}

export const SIDES = ['auto', 'north', 'east', 'south', 'west'] as const;
export type Side = (typeof SIDES)[number];

/** One end of a connector. `x`, `y` is where it was last seen: there it stays when its element is gone. */
export interface End {
  /** The element it is attached to; null when the end is free. */
  id: string | null;
  side: Side;
  x: number;
  y: number;
}

/** Place and size before turning; `r` in degrees clockwise around the middle. */
export interface Bounds {
  x: number;
  y: number;
  w: number;
  h: number;
  r: number;
}

/**
 * One element as it was read: plain, checked and never changed, so it may serve as a cache key. A connector's and a
 * group's bounds are not stored: ask the board's `rectOf`.
 */
export interface Element extends Readonly<Bounds> {
  readonly id: string;
  readonly kind: Kind;
  /** Fractional index: later is above. Equal ones are ordered by id. */
  readonly z: string;
  readonly style: Readonly<Style>;
  /** Text of a note or shape, title of a frame or group, label of a connector, description of an image. */
  readonly text: string;
  readonly group: string | null;
  readonly locked: boolean;
  /** Pen only: packed points, see geometry/ink.ts. */
  readonly ink: Uint8Array | null;
  /** Image only: id of the vault's file. */
  readonly file: string | null;
  /** Connector only. */
  readonly from: End | null;
  readonly to: End | null;
}

/** Looks an element up. A function, so that what is being dragged can be laid over what is stored. */
export type Find = (id: string) => Element | undefined;

export const isShape = (kind: Kind): kind is Shape => (SHAPES as readonly string[]).includes(kind);

/** Whether an element of this kind shows text inside itself. */
export const holdsText = (kind: Kind) => kind === 'note' || kind === 'text' || isShape(kind);

/** The order of drawing: below first. */
export function compareOrder(a: Element, b: Element): number {
  if (a.z !== b.z) return a.z < b.z ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
