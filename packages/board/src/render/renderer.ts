import { visible, type Camera, type ViewSize } from '../geometry/camera.ts';
import { grow, type Rect } from '../geometry/rect.ts';
import type { Board, Change } from '../model/board.ts';
import type { Element } from '../model/element.ts';
import { laidOver } from '../operations/transform.ts';
import { createTextCache } from '../text/layout.ts';
import { measureBy } from '../text/measure.ts';
import type { Context, PictureOf } from './canvas-surface.ts';
import { Overview } from './overview.ts';
import { paintArea, paintLifted, type Kit } from './paint-area.ts';
import { TileSheet } from './tiles.ts';
import type { Palette } from './palette.ts';

export interface RendererOptions {
  board: Board;
  /** The canvas of the scene. What moves and the marks of people belong on a second one above it. */
  canvas: HTMLCanvasElement | OffscreenCanvas;
  palette: Palette;
  family: string;
  pictureOf?: PictureOf;
  /** Called when something must be drawn: ask for an animation frame then, and call `frame` in it. */
  wake: () => void;
}

/** Milliseconds of a frame that drawing new tiles may take; the rest is the browser's. */
const BUDGET = 6;
/** So long after the last zoom step the sheet of the new zoom is begun: until then the old one is stretched. */
const SETTLED = 90;
/** How much a sheet may be stretched before a new one is begun while still zooming. */
const STRETCH = 3;
const QUIET = 400;

/** Draws a board on a canvas: copies what was drawn before, draws what is new, a few milliseconds a frame. */
export class Renderer {
  readonly #kit: Kit;
  readonly #canvas: HTMLCanvasElement | OffscreenCanvas;
  readonly #context: Context;
  readonly #wake: () => void;
  readonly #overview = new Overview();
  readonly #rects = new Map<string, Rect>();
  readonly #stop: () => void;
  #camera: Camera = { x: 0, y: 0, zoom: 1 };
  #view: ViewSize = { w: 1, h: 1 };
  #ratio = 1;
  #sheet = new TileSheet(1);
  #before: TileSheet | null = null;
  #zoomedAt = -Infinity;
  #changedAt = -Infinity;
  #lifted: ReadonlySet<string> = new Set();
  #putDown: ReadonlySet<string> = new Set();
  #complete = false;

  constructor({ board, canvas, palette, family, pictureOf = () => null, wake }: RendererOptions) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false }) as Context;
    const probe = new OffscreenCanvas(1, 1).getContext('2d')!;
    this.#kit = {
      board,
      palette,
      family,
      pictureOf,
      setText: createTextCache(measureBy(probe, family)),
    };
    this.#wake = wake;
    this.#remember(board.elements.keys());
    this.#stop = board.subscribe((change) => this.#changed(change));
  }

  get kit(): Kit {
    return this.#kit;
  }

  get overview(): Overview {
    return this.#overview;
  }

  /** What of the lifted elements the second canvas must still draw: the lifted, and those whose tiles are not done. */
  get aloft(): ReadonlySet<string> {
    return this.#putDown.size === 0 ? this.#lifted : new Set([...this.#lifted, ...this.#putDown]);
  }

  /** Whether the last frame showed everything in view as it is. */
  get complete(): boolean {
    return this.#complete;
  }

  destroy(): void {
    this.#stop();
  }

  /** Size of the view in CSS pixels, and device pixels per CSS pixel. */
  resize(view: ViewSize, ratio: number): void {
    this.#view = view;
    this.#ratio = ratio;
    this.#canvas.width = Math.max(1, Math.round(view.w * ratio));
    this.#canvas.height = Math.max(1, Math.round(view.h * ratio));
    this.#zoomedAt = -Infinity;
    this.#wake();
  }

  look(camera: Camera): void {
    if (camera.zoom !== this.#camera.zoom) this.#zoomedAt = performance.now();
    this.#camera = camera;
    this.#wake();
  }

  /** Takes elements out of the scene while they are dragged; the second canvas draws them. */
  lift(ids: ReadonlySet<string>): void {
    if (sameIds(ids, this.#lifted)) return;
    const down = [...this.#lifted].filter((id) => !ids.has(id));
    this.#putDown = new Set([...this.#putDown, ...down].filter((id) => !ids.has(id)));
    for (const id of [...ids, ...down]) this.#spoil(this.#rects.get(id));
    this.#lifted = ids;
    this.#wake();
  }

  /** Other colours, or letters that have been loaded since: everything is drawn anew. */
  repaint(palette: Palette = this.#kit.palette): void {
    this.#kit.palette = palette;
    const probe = new OffscreenCanvas(1, 1).getContext('2d')!;
    this.#kit.setText = createTextCache(measureBy(probe, this.#kit.family));
    this.#before = null;
    this.#sheet = new TileSheet(this.#sheet.scale);
    this.#overview.spoil();
    this.#wake();
  }

  /** A picture has come: what shows it is drawn anew. */
  pictureLoaded(file: string): void {
    for (const element of this.#kit.board.elements.values()) {
      if (element.file === file) this.#spoil(this.#rects.get(element.id));
    }
    this.#overview.spoil();
    this.#wake();
  }

  /** Draws one frame. Returns whether more is to be done: then a next frame has been asked for by `wake`. */
  frame(now = performance.now()): boolean {
    const scale = this.#camera.zoom * this.#ratio;
    const zooming = now - this.#zoomedAt < SETTLED;
    const stretched = Math.max(scale / this.#sheet.scale, this.#sheet.scale / scale);
    if (scale !== this.#sheet.scale && (!zooming || stretched > STRETCH)) {
      this.#before = this.#sheet;
      this.#sheet = new TileSheet(scale);
    }
    const view = visible(this.#camera, this.#view);
    const onScale = scale === this.#sheet.scale;
    const deadline = performance.now() + BUDGET;
    const complete = onScale && this.#sheet.prepare(view, this.#draw, deadline);
    this.#complete = complete;
    if (complete) {
      this.#before = null;
      this.#putDown = new Set();
    }
    this.#copy(view, scale, complete);
    const done = complete ? this.#idle(view, now) : false;
    if (!done) this.#wake();
    return !done;
  }

  #copy(view: Rect, scale: number, complete: boolean): void {
    const context = this.#context;
    const origin = { x: Math.round(view.x * scale), y: Math.round(view.y * scale) };
    context.setTransform(1, 0, 0, 1, 0, 0);
    if (!complete) {
      context.imageSmoothingQuality = 'low';
      context.fillStyle = this.#kit.palette.board;
      context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
      const picture = this.#overview.picture;
      if (picture) {
        const { x, y, w, h } = picture.area;
        context.drawImage(picture.canvas, x * scale - origin.x, y * scale - origin.y, w * scale, h * scale);
      }
      this.#before?.blit(context, view, origin, scale);
    }
    this.#sheet.blit(context, view, origin, scale);
  }

  /** With the view done: the tiles around it, then the overview once the board is quiet. */
  #idle(view: Rect, now: number): boolean {
    const deadline = performance.now() + BUDGET / 2;
    if (!this.#sheet.prepareAround(view, this.#draw, deadline)) return false;
    if (this.#overview.picture !== null && now - this.#changedAt < QUIET) return false;
    return performance.now() < deadline && this.#overview.work(this.#kit, deadline);
  }

  #draw = (context: Context, area: Rect, scale: number): void =>
    paintArea(this.#kit, context, area, scale, this.#lifted);

  #changed({ written, removed }: Change): void {
    for (const ids of [written, removed]) for (const id of ids) this.#spoil(this.#rects.get(id));
    this.#remember(written);
    for (const id of removed) this.#rects.delete(id);
    for (const id of written) this.#spoil(this.#rects.get(id));
    this.#overview.spoil();
    this.#changedAt = performance.now();
    this.#wake();
  }

  #remember(ids: Iterable<string>): void {
    for (const id of ids) {
      const rect = this.#kit.board.rectOf(id);
      if (rect) this.#rects.set(id, rect);
    }
  }

  #spoil(rect: Rect | undefined): void {
    if (rect === undefined) return;
    for (const sheet of [this.#sheet, this.#before]) sheet?.spoil(grow(rect, Math.max(40, 24 / sheet.scale)));
  }

  /** Draws what is lifted, as it is now, on the second canvas, whose transform is the camera's. */
  drawLifted(context: Context, now: ReadonlyMap<string, Element>): void {
    const ids = new Set([...this.aloft, ...now.keys()]);
    const elements = this.#kit.board.sorted(ids).map((element) => now.get(element.id) ?? element);
    const find = laidOver(this.#kit.board.find, now);
    paintLifted(this.#kit, context, elements, this.#camera.zoom * this.#ratio, find);
  }
}

const sameIds = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
  a.size === b.size && [...a].every((id) => b.has(id));
