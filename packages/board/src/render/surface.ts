/** How something is painted; colours as CSS writes them. */
export interface Paint {
  fill?: string;
  stroke?: string;
  width?: number;
  dash?: readonly number[];
}

export interface Lettering {
  size: number;
  color: string;
  align: 'left' | 'center' | 'right';
  bold?: boolean;
}

/**
 * What elements are drawn on: a canvas, or SVG as text. One drawing code for both, so that an export is what was seen.
 * All in board units.
 */
export interface Surface {
  /** Turns what is drawn until `restore` around a point. */
  turn(x: number, y: number, degrees: number): void;
  shift(x: number, y: number): void;
  restore(): void;
  rect(x: number, y: number, w: number, h: number, radius: number, paint: Paint): void;
  ellipse(x: number, y: number, w: number, h: number, paint: Paint): void;
  /** An SVG path. `key` allows a surface to keep its own form of it. */
  path(d: string, paint: Paint, key?: object): void;
  /** One line of text; `y` is its middle. */
  text(line: string, x: number, y: number, lettering: Lettering): void;
  /** False when it cannot be shown (yet). */
  image(file: string, x: number, y: number, w: number, h: number, description: string): boolean;
}
