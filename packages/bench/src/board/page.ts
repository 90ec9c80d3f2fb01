import {
  Board,
  BoardView,
  darkPalette,
  drawMinimap,
  FONT_FAMILY,
  lightPalette,
  listen,
  toPng,
  toSvg,
  type Input,
} from '@engawa/board';
import * as Y from 'yjs';
import { measureFrames, nextFrame, quantile, type Frames } from './frames.ts';
import { jsonBytes, makeScene, plainJson, sceneBytes } from './scene.ts';
import { showScene } from './show-scene.ts';

const find = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const [scene, overlay, map] = ['scene', 'overlay', 'map'].map((id) => find<HTMLCanvasElement>(id)) as [
  HTMLCanvasElement,
  HTMLCanvasElement,
  HTMLCanvasElement,
];

let pending: ((now: number) => void) | null = null;
let view: BoardView | null = null;
let sent = { messages: 0, bytes: 0 };

/** `byHand`: frames are run by the measurement instead of the browser. */
function open(board: Board, { dark = false, byHand = false } = {}): BoardView {
  view?.destroy();
  pending = null;
  view = new BoardView({
    board,
    scene,
    overlay,
    palette: dark ? darkPalette : lightPalette,
    family: FONT_FAMILY,
    send: (bytes) => {
      sent = { messages: sent.messages + 1, bytes: sent.bytes + bytes.byteLength };
    },
    edit: () => undefined,
    changed: () => undefined,
    failed: (error) => console.error(error),
    frames: byHand ? (callback) => (pending = callback) : undefined,
  });
  view.resize({ w: innerWidth, h: innerHeight }, devicePixelRatio);
  return view;
}

/** Waits until the canvas has really been drawn: reading a pixel needs it. */
function rasterised(): void {
  for (const canvas of [scene, overlay]) canvas.getContext('2d')!.getImageData(0, 0, 1, 1);
}

function run(now: number): void {
  const callback = pending;
  pending = null;
  callback?.(now);
}

/** Runs frames until nothing is left to draw. */
async function settle(): Promise<void> {
  for (let frames = 0; pending !== null && frames < 2000; frames += 1) run(await nextFrame());
}

/** Inputs, one a frame. */
function measure(label: string, inputs: (step: number) => Input[], frames: number): Promise<Frames> {
  const work = (step: number, now: number) => {
    for (const input of inputs(step)) view!.dispatch(input);
    run(now);
    rasterised();
  };
  return measureFrames(label, work, frames);
}

const keys = { shift: false, alt: false, command: true } as const;
const mouse = (type: 'down' | 'move' | 'up', x: number, y: number): Input => ({
  type,
  ...keys,
  id: 1,
  at: { x, y },
  device: 'mouse',
  button: 0,
  pressure: 0.5,
});

function boardOf(bytes: Uint8Array): Board {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, bytes);
  return new Board(doc);
}

/** Milliseconds from bytes to something one can draw, the variants interleaved; medians of `rounds`. */
async function load(
  count: number,
  rounds: number,
): Promise<Record<string, { bytes: number; median: number; least: number }>> {
  const made = makeScene(count);
  const variants: Record<string, { bytes: Uint8Array; read: (bytes: Uint8Array) => number }> = {
    board: { bytes: sceneBytes(made), read: (bytes) => boardOf(bytes).elements.size },
    boardYjsOnly: { bytes: sceneBytes(made), read: readDoc },
    jsonEach: { bytes: jsonBytes(made, true), read: readDoc },
    jsonParse: { bytes: plainJson(made), read: parsePlain },
    jsonOne: { bytes: jsonBytes(made, false), read: readDoc },
  };
  const times: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round += 1) {
    const names = Object.keys(variants);
    for (const name of round % 2 === 0 ? names : names.reverse()) {
      await nextFrame();
      const { bytes, read } = variants[name]!;
      performance.mark(`frame-begin load ${name}`);
      const started = performance.now();
      read(bytes);
      (times[name] ??= []).push(performance.now() - started);
      performance.mark(`frame-end load ${name}`);
    }
  }
  return Object.fromEntries(
    Object.entries(variants).map(([name, { bytes }]) => [
      name,
      { bytes: bytes.byteLength, median: quantile(times[name]!, 0.5), least: Math.min(...times[name]!) },
    ]),
  );
}

/** The least that reading the same elements can take: no Yjs, nothing that merges. */
function parsePlain(bytes: Uint8Array): number {
  return (JSON.parse(new TextDecoder().decode(bytes)) as unknown[]).length;
}

function readDoc(bytes: Uint8Array): number {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, bytes);
  let seen = 0;
  for (const value of doc.getMap('elements').values()) seen += value ? 1 : 0;
  return seen;
}

/** Bytes to the first whole picture, at the zoom a person begins with. */
async function firstPaint(count: number, zoom: number): Promise<{ first: number; complete: number }> {
  const bytes = sceneBytes(makeScene(count));
  await nextFrame();
  const started = performance.now();
  open(boardOf(bytes), { byHand: true });
  view!.dispatch({ type: 'camera', camera: { x: -50, y: -50, zoom } });
  run(performance.now());
  rasterised();
  const first = performance.now() - started;
  const { renderer } = view!;
  while (renderer.frame(performance.now()) && !renderer.complete) run(await nextFrame());
  rasterised();
  return { first, complete: performance.now() - started };
}

type Moved = Frames & { bytes?: number; live?: number; messages?: number };

async function motion(count: number, frames: number): Promise<Record<string, Moved>> {
  open(boardOf(sceneBytes(makeScene(count))), { byHand: true });
  const results: Record<string, Moved> = {};
  const [w, h] = [innerWidth, innerHeight];
  const side = Math.ceil(Math.sqrt(count)) * 236;
  const look = async (zoom: number) => {
    view!.dispatch({ type: 'camera', camera: { x: side / 3, y: side / 3, zoom } });
    await settle();
  };
  const wheel = (dx: number, dy: number, zoom: boolean): Input => ({
    type: 'wheel',
    at: { x: w / 2, y: h / 2 },
    dx,
    dy,
    zoom,
  });
  for (const zoom of [1, 0.3, h / side]) {
    await look(zoom);
    // Round in a circle, 24 pixels a frame: a brisk hand.
    const circle = (step: number) => [wheel(Math.cos(step / 40) * 24, Math.sin(step / 40) * 24, false)];
    const label = zoom === h / side ? 'pan, whole board' : `pan at ${Math.round(zoom * 100)} %`;
    results[label] = await measure(label, circle, frames);
  }
  await look(1);
  const breathe = (step: number) => [wheel(0, step % 120 < 60 ? 10 : -10, true)];
  results['zoom out and in'] = await measure('zoom out and in', breathe, frames);
  for (const [amount, zoom] of [
    [1, 1],
    [100, 0.4],
  ] as const) {
    await look(zoom);
    results[`drag ${amount}`] = await dragging(amount, frames);
  }
  return results;
}

async function dragging(amount: number, count: number): Promise<Moved> {
  const { board, stage } = view!;
  const { camera } = stage;
  const [w, h] = [innerWidth / camera.zoom, innerHeight / camera.zoom];
  const notes = board.query({ x: camera.x, y: camera.y, w, h }).filter(({ kind }) => kind === 'note');
  const chosen = notes.slice(0, amount);
  const held = chosen[Math.floor(chosen.length / 2)]!;
  view!.dispatch({ type: 'select', ids: chosen.map(({ id }) => id) });
  const [x, y] = [(held.x + 100 - camera.x) * camera.zoom, (held.y + 100 - camera.y) * camera.zoom];
  await settle();
  view!.dispatch(mouse('down', x, y));
  sent = { messages: 0, bytes: 0 };
  const at = (step: number) => [x + Math.sin(step / 20) * 200, y + (1 - Math.cos(step / 20)) * 100] as const;
  const frames = await measure(`drag ${amount}`, (step) => [mouse('move', ...at(step))], count);
  const { messages, bytes: live } = sent;
  let bytes = 0;
  const written = (update: Uint8Array) => (bytes += update.byteLength);
  board.doc.on('update', written);
  view!.dispatch(mouse('up', ...at(count)));
  await settle();
  board.doc.off('update', written);
  return { ...frames, bytes, live, messages };
}

/** A board to look at. */
async function show(dark: boolean, people: boolean): Promise<void> {
  const board = new Board(new Y.Doc());
  showScene(board);
  const shown = open(board, { dark });
  listen(overlay, shown);
  shown.dispatch({ type: 'key', key: '1', repeat: false, shift: false, alt: false, command: false });
  if (people) {
    shown.meet('a', '佐藤 花子（県庁）', '#b3261e');
    shown.meet('b', '田中 太郎（海辺町）', '#0f6b6b');
    const notes = [...board.elements.values()].filter(({ kind }) => kind === 'note');
    shown.hear('a', { kind: 'moving', at: { x: 700, y: 300 }, ids: [notes[6]!.id], dx: 60, dy: 40 });
    shown.hear('a', { kind: 'selection', ids: [notes[6]!.id] });
    shown.hear('b', { kind: 'cursor', at: { x: 300, y: 620 } });
    shown.dispatch({ type: 'select', ids: notes.slice(0, 2).map(({ id }) => id) });
  }
  for (let frame = 0; frame < 60; frame += 1) await nextFrame();
  minimap(dark);
}

function minimap(dark: boolean): void {
  const { renderer, stage, peers } = view!;
  const palette = dark ? darkPalette : lightPalette;
  drawMinimap(
    map.getContext('2d')!,
    { w: 220, h: 150 },
    renderer.overview,
    stage.camera,
    stage.view,
    palette,
    peers,
  );
}

async function showLarge(count: number, zoom: number): Promise<void> {
  open(boardOf(sceneBytes(makeScene(count))));
  listen(overlay, view!);
  view!.dispatch({ type: 'camera', camera: { x: -80, y: -100, zoom } });
  for (let frame = 0; frame < 90; frame += 1) await nextFrame();
  minimap(false);
}

const png = async () => (await toPng(view!.renderer.kit)).size;
const svg = () => toSvg(view!.board, { title: '見本' });

const bench = { load, firstPaint, motion, show, showLarge, png, svg };
export type BoardBench = typeof bench;
Object.assign(window, { boardBench: bench });
