import type { Lettering, Paint, Surface } from './surface.ts';

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Gives the picture of a vault file once it is loaded; until then null, and asks for it. */
export type PictureOf = (file: string) => CanvasImageSource | null;

const paths = new WeakMap<object, { d: string; path: Path2D }>();

/** Draws on a canvas whose transform is set to board units. */
export class CanvasSurface implements Surface {
  readonly #context: Context;
  readonly #family: string;
  readonly #pictureOf: PictureOf;
  #font = '';

  constructor(context: Context, family: string, pictureOf: PictureOf) {
    this.#context = context;
    this.#family = family;
    this.#pictureOf = pictureOf;
    context.textBaseline = 'middle';
  }

  turn(x: number, y: number, degrees: number): void {
    this.#context.save();
    this.#context.translate(x, y);
    this.#context.rotate((degrees * Math.PI) / 180);
    this.#context.translate(-x, -y);
  }

  shift(x: number, y: number): void {
    this.#context.save();
    this.#context.translate(x, y);
  }

  restore(): void {
    this.#context.restore();
    this.#font = '';
  }

  rect(x: number, y: number, w: number, h: number, radius: number, paint: Paint): void {
    const context = this.#context;
    if (radius === 0) {
      // Much cheaper than a path, and most of a board is notes.
      if (paint.fill) {
        context.fillStyle = paint.fill;
        context.fillRect(x, y, w, h);
      }
      if (paint.stroke && this.#pen(paint)) context.strokeRect(x, y, w, h);
      return;
    }
    context.beginPath();
    context.roundRect(x, y, w, h, radius);
    this.#paint(paint);
  }

  ellipse(x: number, y: number, w: number, h: number, paint: Paint): void {
    this.#context.beginPath();
    this.#context.ellipse(x + w / 2, y + h / 2, w / 2, h / 2, 0, 0, 2 * Math.PI);
    this.#paint(paint);
  }

  path(d: string, paint: Paint, key?: object): void {
    const known = key && paths.get(key);
    let path = known?.d === d ? known.path : undefined;
    if (path === undefined) {
      path = new Path2D(d);
      if (key) paths.set(key, { d, path });
    }
    this.#paint(paint, path);
  }

  text(line: string, x: number, y: number, { size, color, align, bold }: Lettering): void {
    const context = this.#context;
    const font = `${bold ? '600 ' : ''}${size}px ${this.#family}`;
    if (font !== this.#font) context.font = this.#font = font;
    context.fillStyle = color;
    context.textAlign = align;
    context.fillText(line, x, y);
  }

  image(file: string, x: number, y: number, w: number, h: number): boolean {
    const picture = this.#pictureOf(file);
    if (picture === null) return false;
    this.#context.drawImage(picture, x, y, w, h);
    return true;
  }

  #paint(paint: Paint, path?: Path2D): void {
    const context = this.#context;
    if (paint.fill) {
      context.fillStyle = paint.fill;
      if (path) context.fill(path);
      else context.fill();
    }
    if (!paint.stroke || !this.#pen(paint)) return;
    if (path) context.stroke(path);
    else context.stroke();
  }

  #pen({ stroke = '', width = 1, dash }: Paint): boolean {
    if (width <= 0) return false;
    const context = this.#context;
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.setLineDash(dash === undefined ? [] : (dash as number[]));
    return true;
  }
}
