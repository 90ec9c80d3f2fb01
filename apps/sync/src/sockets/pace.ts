/** Frames and bytes a connection may send, per second on average and at once. Slower than typing never gets. */
const FRAMES = { rate: 200, burst: 1_000 };
const BYTES = { rate: 4 << 20, burst: 48 << 20 };

/** Two token buckets. Returns how many milliseconds to stop reading, 0 for none: who floods is slowed, not cut off. */
export function createPace(now = () => performance.now()): (bytes: number) => number {
  let frames = FRAMES.burst;
  let bytes = BYTES.burst;
  let last = now();
  return (size) => {
    const at = now();
    frames = Math.min(FRAMES.burst, frames + ((at - last) / 1000) * FRAMES.rate) - 1;
    bytes = Math.min(BYTES.burst, bytes + ((at - last) / 1000) * BYTES.rate) - size;
    last = at;
    const short = Math.max(-frames / FRAMES.rate, -bytes / BYTES.rate);
    return short > 0 ? Math.ceil(short * 1000) + 50 : 0;
  };
}
