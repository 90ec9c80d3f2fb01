import '#excalidraw.css';
import {
  convertToExcalidrawElements,
  Excalidraw,
  restoreElements,
  type ExcalidrawApi,
  type SceneElement,
} from '#excalidraw';
import { createElement } from '#react';
import { flushSync } from '#react-dom';
import { createRoot } from '#react-dom/client';
import { measureFrames, nextFrame, quantile, type Frames } from '../frames.ts';
import { makeScene } from '../scene.ts';
import { skeletonsOf } from './skeletons.ts';

/** What Excalidraw wants done in the next frame is done within the frame that is measured. */
let wanted = new Map<number, FrameRequestCallback>();
let number = 0;
const realFrame = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (callback) => {
  wanted.set((number += 1), callback);
  return number;
};
window.cancelAnimationFrame = (which) => void wanted.delete(which);

function runWanted(now: number): void {
  for (let rounds = 0; wanted.size > 0 && rounds < 3; rounds += 1) {
    const callbacks = wanted;
    wanted = new Map();
    flushSync(() => callbacks.forEach((callback) => callback(now)));
  }
}

/** Outside of measuring, frames run by themselves. */
let measuring = false;
const tick = (now: number) => {
  if (!measuring) runWanted(now);
  realFrame(tick);
};
realFrame(tick);

const api = await new Promise<ExcalidrawApi>((done) => {
  createRoot(document.getElementById('root')!).render(
    createElement(Excalidraw, { excalidrawAPI: done, langCode: 'ja-JP', detectScroll: false }),
  );
});

const canvas = (kind: 'static' | 'interactive') =>
  document.querySelector<HTMLCanvasElement>(`canvas.${kind}, canvas[class*="${kind}"]`)!;

function rasterised(): void {
  for (const kind of ['static', 'interactive'] as const)
    canvas(kind)?.getContext('2d')?.getImageData(0, 0, 1, 1);
}

const made = new Map<number, string>();

/** The scene as it would be kept: Excalidraw's own JSON. */
function jsonOf(count: number): string {
  const known = made.get(count);
  if (known) return known;
  const elements = convertToExcalidrawElements(skeletonsOf(makeScene(count)), { regenerateIds: false });
  const json = JSON.stringify({ type: 'excalidraw', version: 2, elements });
  made.set(count, json);
  return json;
}

const look = (zoom: number, x: number, y: number) => ({ zoom: { value: zoom }, scrollX: -x, scrollY: -y });

function show(elements: SceneElement[], appState: object): void {
  flushSync(() => api.updateScene({ elements, appState }));
  runWanted(performance.now());
}

/** Milliseconds from the JSON to elements that can be drawn. */
async function load(
  count: number,
  rounds: number,
): Promise<Record<string, { bytes: number; median: number }>> {
  const json = jsonOf(count);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await nextFrame(realFrame);
    performance.mark('frame-begin load board');
    const started = performance.now();
    restoreElements((JSON.parse(json) as { elements: SceneElement[] }).elements, null);
    times.push(performance.now() - started);
    performance.mark('frame-end load board');
  }
  return { board: { bytes: new TextEncoder().encode(json).byteLength, median: quantile(times, 0.5) } };
}

/** From the JSON to the first whole picture. */
async function firstPaint(count: number, zoom: number): Promise<{ first: number; complete: number }> {
  const json = jsonOf(count);
  show([], look(zoom, -50, -50));
  await nextFrame(realFrame);
  const started = performance.now();
  const elements = restoreElements((JSON.parse(json) as { elements: SceneElement[] }).elements, null);
  show(elements, look(zoom, -50, -50));
  rasterised();
  const first = performance.now() - started;
  return { first, complete: first };
}

function wheel(dx: number, dy: number, ctrlKey: boolean): void {
  const at = { clientX: innerWidth / 2, clientY: innerHeight / 2 };
  canvas('interactive').dispatchEvent(
    new WheelEvent('wheel', { ...at, deltaX: dx, deltaY: dy, ctrlKey, bubbles: true, cancelable: true }),
  );
}

function pointer(type: 'pointerdown' | 'pointermove' | 'pointerup', x: number, y: number): void {
  const init = { clientX: x, clientY: y, pointerId: 1, pointerType: 'mouse', isPrimary: true, bubbles: true };
  canvas('interactive').dispatchEvent(
    new PointerEvent(type, { ...init, button: 0, buttons: type === 'pointerup' ? 0 : 1 }),
  );
}

/** Inputs, one a frame, and everything that Excalidraw then does in it. */
async function measure(label: string, input: (step: number) => void, frames: number): Promise<Frames> {
  measuring = true;
  const run = (step: number, now: number) => {
    flushSync(() => input(step));
    runWanted(now);
    rasterised();
  };
  const result = await measureFrames(label, run, frames, realFrame);
  measuring = false;
  return result;
}

async function settle(): Promise<void> {
  await new Promise((done) => setTimeout(done, 500));
  for (let frame = 0; frame < 5; frame += 1) await nextFrame(realFrame);
}

async function motion(count: number, frames: number): Promise<Record<string, Frames & { bytes?: number }>> {
  const elements = restoreElements(
    (JSON.parse(jsonOf(count)) as { elements: SceneElement[] }).elements,
    null,
  );
  const side = Math.ceil(Math.sqrt(count)) * 236;
  const results: Record<string, Frames & { bytes?: number }> = {};
  const at = async (zoom: number, more: object = {}) => {
    show(elements, { ...look(zoom, side / 3, side / 3), selectedElementIds: {}, ...more });
    await settle();
  };
  // A tenth is the furthest that it zooms out.
  const whole = Math.max(0.1, innerHeight / side);
  for (const zoom of [1, 0.3, whole]) {
    await at(zoom);
    const label = zoom === whole ? 'pan, whole board' : `pan at ${zoom * 100} %`;
    const circle = (step: number) => wheel(Math.cos(step / 40) * 24, Math.sin(step / 40) * 24, false);
    results[label] = await measure(label, circle, frames);
  }
  await at(1);
  const breathe = (step: number) => wheel(0, step % 120 < 60 ? 10 : -10, true);
  results['zoom out and in'] = await measure('zoom out and in', breathe, frames);
  for (const [amount, zoom] of [
    [1, 1],
    [100, 0.4],
  ] as const) {
    await at(zoom);
    results[`drag ${amount}`] = await dragging(amount, zoom, side / 3, frames);
  }
  return results;
}

async function dragging(
  amount: number,
  zoom: number,
  corner: number,
  frames: number,
): Promise<Frames & { bytes: number }> {
  const [w, h] = [innerWidth / zoom, innerHeight / zoom];
  const inside = (one: SceneElement) =>
    one.type === 'rectangle' &&
    one.width === 200 &&
    one.x > corner &&
    one.x + 200 < corner + w &&
    one.y > corner &&
    one.y + 200 < corner + h;
  const chosen = api.getSceneElements().filter(inside).slice(0, amount);
  const held = chosen[Math.floor(chosen.length / 2)]!;
  const selectedElementIds = Object.fromEntries(chosen.map(({ id }) => [id, true]));
  flushSync(() => api.updateScene({ appState: { selectedElementIds } }));
  await settle();
  const before = new Map(api.getSceneElements().map(({ id, version }) => [id, version]));
  const [x, y] = [(held.x + 100 - corner) * zoom, (held.y + 60 - corner) * zoom];
  pointer('pointerdown', x, y);
  const to = (step: number) => [x + Math.sin(step / 20) * 200, y + (1 - Math.cos(step / 20)) * 100] as const;
  const result = await measure(`drag ${amount}`, (step) => pointer('pointermove', ...to(step)), frames);
  pointer('pointerup', ...to(frames));
  await settle();
  // What changed goes to the others as whole elements.
  const changed = api.getSceneElements().filter(({ id, version }) => before.get(id) !== version);
  return { ...result, bytes: new TextEncoder().encode(JSON.stringify(changed)).byteLength };
}

const bench = { load, firstPaint, motion };
export type ExcalidrawBench = typeof bench;
Object.assign(window, { boardBench: bench });
