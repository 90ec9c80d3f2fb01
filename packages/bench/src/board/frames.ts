/** How long frames took: `work` is scripting and rasterising, `interval` what the person sees. Milliseconds. */
export interface Frames {
  frames: number;
  workP50: number;
  workP95: number;
  workMax: number;
  intervalP95: number;
}

type Request = (callback: FrameRequestCallback) => number;

export const nextFrame = (request: Request = requestAnimationFrame) =>
  new Promise<number>((done) => request(done));

export const quantile = (values: number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** Milliseconds after which enough frames have been seen: who takes half a second each is not waited for for ever. */
const ENOUGH = 5_000;

/** Has `run` do a frame's whole work, once a frame. */
export async function measureFrames(
  label: string,
  run: (step: number, now: number) => void,
  frames: number,
  request: Request = requestAnimationFrame,
): Promise<Frames> {
  const work: number[] = [];
  const intervals: number[] = [];
  let before = await nextFrame(request);
  const end = before + ENOUGH;
  for (let step = 0; step < frames && (step < 10 || before < end); step += 1) {
    const now = await nextFrame(request);
    intervals.push(now - before);
    before = now;
    // The marks are in the browser's trace with the thread's own clock: there, other programs do not count.
    performance.mark(`frame-begin ${label}`);
    const started = performance.now();
    run(step, now);
    work.push(performance.now() - started);
    performance.mark(`frame-end ${label}`);
  }
  const fixed = (value: number) => Math.round(value * 10) / 10;
  return {
    frames: work.length,
    workP50: fixed(quantile(work, 0.5)),
    workP95: fixed(quantile(work, 0.95)),
    workMax: fixed(Math.max(...work)),
    intervalP95: fixed(quantile(intervals, 0.95)),
  };
}
