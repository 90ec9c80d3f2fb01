import type { ViewSize } from '../geometry/camera.ts';
import { centredOn, visible } from '../geometry/camera.ts';
import { middle, type Rect } from '../geometry/rect.ts';
import { perform, type Effect } from '../interaction/effects.ts';
import type { Input } from '../interaction/input.ts';
import { caughtUp, reduce } from '../interaction/reduce.ts';
import { newStage, type Stage } from '../interaction/stage.ts';
import { eased, isUnderway } from '../live/ease.ts';
import { encodeLive, type LiveMessage } from '../live/message.ts';
import {
  aged,
  heard,
  inHand,
  newPeer,
  pulledAlong,
  settled,
  shone,
  type LaserPoint,
  type Peer,
} from '../live/peers.ts';
import type { Board, Change } from '../model/board.ts';
import type { Element } from '../model/element.ts';
import { createHistory, type History } from '../model/history.ts';
import { laidOver } from '../operations/transform.ts';
import { drawOverlay } from '../render/overlay.ts';
import type { Palette } from '../render/palette.ts';
import { drawLaser, drawPeople } from '../render/people.ts';
import { createPictures, type LoadPicture, type Pictures } from '../render/pictures.ts';
import { Renderer } from '../render/renderer.ts';
import { createThrottle } from './throttle.ts';

export interface BoardViewOptions {
  board: Board;
  /** Two canvases of the same size, one above the other: the scene, and hands above it. */
  scene: HTMLCanvasElement;
  overlay: HTMLCanvasElement;
  palette: Palette;
  family: string;
  readOnly?: boolean;
  /** Fetches the preview of a vault file. */
  loadPicture?: LoadPicture;
  /** Sends a volatile message to the others on this board. Called at most every 50 ms. */
  send?: (bytes: Uint8Array) => void;
  /** Opens the text of an element in a field above the canvas. */
  edit: (id: string) => void;
  /** After anything that a toolbar, a menu or the outline may show has changed. At most once a frame. */
  changed: (stage: Stage) => void;
  /** Something could not be done: an `EngawaError` whose code the app translates. */
  failed: (error: unknown) => void;
  /** Whether the others are shown where they are and not on their way there: for whoever wants less motion. */
  still?: () => boolean;
  /** Where frames come from; for tests. */
  frames?: (callback: (now: number) => void) => unknown;
}

/** One person's window on a board: holds the stage, performs its effects, draws. Attaches nothing to the DOM. */
export class BoardView {
  readonly board: Board;
  readonly history: History;
  readonly renderer: Renderer;
  readonly pictures: Pictures;
  readonly #options: BoardViewOptions;
  readonly #context: CanvasRenderingContext2D;
  readonly #peers = new Map<string, Peer>();
  readonly #send: (message: LiveMessage) => void;
  readonly #frames: (callback: (now: number) => void) => unknown;
  readonly #stop: () => void;
  #stage: Stage;
  #told: Stage | null = null;
  #ratio = 1;
  #asked = false;
  #ended = false;
  #dirty = true;
  #laser: LaserPoint[] = [];
  #follows: string | null = null;
  #followed: Rect | null = null;
  #editing: string | null = null;

  constructor(options: BoardViewOptions) {
    const { board, scene, overlay, palette, family, loadPicture, send } = options;
    this.#options = options;
    this.board = board;
    this.history = createHistory(board);
    this.#context = overlay.getContext('2d')!;
    this.#frames = options.frames ?? ((callback) => requestAnimationFrame(callback));
    this.#stage = newStage({ w: 1, h: 1 }, options.readOnly);
    this.pictures = createPictures(loadPicture ?? (() => Promise.reject(new Error('no pictures'))), (file) =>
      this.renderer.pictureLoaded(file),
    );
    this.renderer = new Renderer({
      board,
      canvas: scene,
      palette,
      family,
      pictureOf: this.pictures.pictureOf,
      wake: () => this.#wake(),
    });
    this.#send = createThrottle(
      (message) => send?.(encodeLive(message)),
      (message) => message.kind,
    );
    this.#stop = board.subscribe((change) => {
      this.#settle(change);
      this.#set(caughtUp(this.#stage, board));
      this.#redraw();
    });
    this.#wake();
  }

  get stage(): Stage {
    return this.#stage;
  }

  get peers(): readonly Peer[] {
    return [...this.#peers.values()];
  }

  destroy(): void {
    this.#ended = true;
    this.#stop();
    this.history.destroy();
    this.renderer.destroy();
    this.pictures.destroy();
  }

  /** Tells the stage that something happened, and does what follows from it. */
  dispatch(input: Input): void {
    const before = this.#stage;
    const [next, effects] = reduce(before, input, this.board);
    if (this.#follows !== null && next.camera !== before.camera) this.#follows = null;
    if (input.type === 'view') this.#resize(input.view);
    this.#set(next);
    for (const effect of effects) this.#do(effect);
  }

  /** Does what a toolbar or menu asks for, as if a hand had done it: what comes of it is chosen then. */
  perform(effect: Effect): void {
    this.#do(effect);
  }

  /** Size of both canvases in CSS pixels. */
  resize(view: ViewSize, ratio: number): void {
    this.#ratio = ratio;
    this.dispatch({ type: 'view', view });
  }

  repaint(palette: Palette): void {
    this.#options.palette = palette;
    this.renderer.repaint(palette);
    this.#redraw();
  }

  /** While a field lies over an element, its text is not drawn: null when there is none. */
  edit(id: string | null): void {
    this.#editing = id;
    this.#liftAgain();
    this.#redraw();
  }

  /** Somebody came, or has another name: as the server says. */
  meet(id: string, name: string, color: string): void {
    this.#peers.set(id, { ...(this.#peers.get(id) ?? newPeer(id, name, color)), name, color });
    this.#redraw();
  }

  part(id: string): void {
    this.#peers.delete(id);
    if (this.#follows === id) this.#follows = null;
    this.#liftAgain();
    this.#redraw();
  }

  /** A live message came (`decodeLive`). Of people the server has not told of, nothing is shown. */
  hear(id: string, message: LiveMessage): void {
    const peer = this.#peers.get(id);
    if (peer === undefined) return;
    const next = heard(peer, message, performance.now(), this.#options.still?.() === false);
    this.#peers.set(id, next);
    if (next.doing !== peer.doing || next.dropped !== peer.dropped) this.#liftAgain();
    this.#redraw();
  }

  /** Sees what another sees, until one moves oneself. Null ends it. */
  follow(id: string | null): void {
    this.#follows = id;
    this.#followed = null;
    this.#told = null;
    this.#wake();
  }

  get follows(): string | null {
    return this.#follows;
  }

  /** What others let go is where the document says, from the moment it says so. */
  #settle({ written }: Change): void {
    let any = false;
    for (const [id, peer] of this.#peers) {
      const next = settled(peer, written);
      if (next === peer) continue;
      this.#peers.set(id, next);
      any = true;
    }
    if (any) this.#liftAgain();
  }

  #lookAt(area: Rect): void {
    const { view } = this.#stage;
    const zoom = Math.min(view.w / Math.max(1, area.w), view.h / Math.max(1, area.h));
    this.#set({ ...this.#stage, camera: centredOn(middle(area), view, Math.min(8, Math.max(0.02, zoom))) });
  }

  #do(effect: Effect): void {
    try {
      if (effect.do === 'live') return this.#live(effect.message);
      if (effect.do === 'edit') return this.#options.edit(effect.id);
      if (effect.do === 'undo') return void this.history.undo();
      if (effect.do === 'redo') return void this.history.redo();
      const chosen = perform(this.board, effect);
      if (chosen !== null) this.#set({ ...this.#stage, selection: new Set(chosen) });
      if (effect.do === 'make' && effect.edit && chosen?.[0]) this.#options.edit(chosen[0]);
    } catch (error) {
      this.#options.failed(error);
    }
  }

  #live(message: LiveMessage): void {
    if (message.kind === 'laser') {
      const now = performance.now();
      this.#laser.push(...shone(message, now, now));
      this.#redraw();
    }
    this.#send(message);
  }

  #set(next: Stage): void {
    const before = this.#stage;
    if (next === before) return;
    this.#stage = next;
    if (next.camera !== before.camera || next.view !== before.view) {
      this.renderer.look(next.camera);
      this.#send({ kind: 'view', area: visible(next.camera, next.view) });
    }
    if (next.held !== before.held) this.#liftAgain();
    this.#redraw();
  }

  #resize(view: ViewSize): void {
    this.renderer.resize(view, this.#ratio);
    const { overlay } = this.#options;
    overlay.width = Math.max(1, Math.round(view.w * this.#ratio));
    overlay.height = Math.max(1, Math.round(view.h * this.#ratio));
  }

  /** What is in somebody's hand, mine last: my hand is what I see. */
  #held(peers: Iterable<Peer> = this.#peers.values()): Map<string, Element> {
    const held = inHand(this.board, peers);
    for (const [id, element] of this.#stage.held) held.set(id, element);
    const edited = this.#editing === null ? undefined : this.board.find(this.#editing);
    // A frame stays below what lies in it; its field covers the title.
    if (edited && edited.kind !== 'frame') {
      held.set(edited.id, { ...(held.get(edited.id) ?? edited), text: '' });
    }
    return held;
  }

  #liftAgain(): void {
    const held = this.#held();
    // A copy leaves the original where it is.
    if (this.#stage.doing.kind === 'moving' && this.#stage.doing.copy) {
      for (const id of this.#stage.held.keys()) held.delete(id);
    }
    this.renderer.lift(new Set([...held.keys(), ...pulledAlong(this.board, held)]));
  }

  #redraw(): void {
    this.#dirty = true;
    this.#wake();
  }

  #wake(): void {
    if (this.#asked || this.#ended) return;
    this.#asked = true;
    this.#frames((now) => this.#frame(now));
  }

  #frame(now: number): void {
    this.#asked = false;
    if (this.#ended) return;
    this.#goAlong(now);
    const aloft = this.renderer.aloft;
    this.renderer.frame(now);
    if (this.#dirty || aloft !== this.renderer.aloft || aloft.size > 0) this.#drawOverlay(now);
    if (this.#told !== this.#stage) {
      this.#told = this.#stage;
      this.#options.changed(this.#stage);
    }
  }

  /** The view of whoever is followed, on its way as they are. */
  #goAlong(now: number): void {
    const leader = this.#follows === null ? undefined : this.#peers.get(this.#follows);
    const area = leader && eased(leader, now).view;
    if (!area || area === this.#followed) return;
    this.#followed = area;
    this.#lookAt(area);
  }

  #age(now: number): void {
    let lifts = false;
    for (const [id, peer] of this.#peers) {
      const next = aged(peer, now);
      this.#peers.set(id, next);
      lifts ||= next.doing !== peer.doing || next.dropped !== peer.dropped;
    }
    if (lifts) this.#liftAgain();
  }

  #drawOverlay(now: number): void {
    this.#dirty = false;
    const { board } = this;
    const { palette, family } = this.#options;
    const context = this.#context;
    const { camera, view } = this.#stage;
    const scale = camera.zoom * this.#ratio;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    this.#age(now);
    const peers = this.peers.map((peer) => eased(peer, now));
    const held = this.#held(peers);
    context.setTransform(scale, 0, 0, scale, -Math.round(camera.x * scale), -Math.round(camera.y * scale));
    if (this.renderer.aloft.size > 0) this.renderer.drawLifted(context, held);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    const find = laidOver(board.find, held);
    drawPeople(context, camera, view, board, find, peers, family, now);
    this.#laser = this.#laser.filter(({ at }) => now - at < 1200);
    drawLaser(context, camera, this.#laser, palette.line.red, now);
    drawOverlay({ context, board, palette, stage: this.#stage, find });
    const goesOn = (peer: Peer) => peer.laser.length > 0 || peer.dropped !== null || isUnderway(peer, now);
    if (this.#laser.length > 0 || this.peers.some(goesOn)) this.#redraw();
  }
}
