const LEAST = 0.02;
const MOST = 8;
const STEP = 1.25;
/** A page of text on a wide screen is not blown up to its edges. */
const WIDEST = 1.5;

interface Point {
  x: number;
  y: number;
}

const between = ([a, b]: [Point, Point]): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const apart = ([a, b]: [Point, Point]): number => Math.hypot(a.x - b.x, a.y - b.y);

/** How large something is shown on a stage that scrolls: fitted to it, or at a scale, kept still where one points. */
export class Zoom {
  readonly #to: 'all' | 'width';
  readonly #edge: number;

  /** Fits all of it, or its width, with so much left free beside it. */
  constructor(to: 'all' | 'width' = 'all', edge = 0) {
    this.#to = to;
    this.#edge = edge;
  }

  /** `null`: as large as fits, and a picture not larger than it is. */
  chosen = $state<number | null>(null);
  stage = $state.raw<HTMLElement | null>(null);
  room = $state.raw({ width: 0, height: 0 });
  natural = $state.raw({ width: 0, height: 0 });

  readonly fit = $derived.by(() => {
    const { width, height } = this.natural;
    if (width === 0 || height === 0 || this.room.width === 0) return 1;
    const wide = (this.room.width - this.#edge) / width;
    if (this.#to === 'width') return Math.max(LEAST, Math.min(WIDEST, wide));
    return Math.max(LEAST, Math.min(1, wide, this.room.height / height));
  });
  readonly scale = $derived(this.chosen ?? this.fit);
  readonly percent = $derived(Math.round(this.scale * 100));

  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- followed, not shown
  readonly #fingers = new Map<number, Point>();

  /** Sets the scale; what is at `at` (window coordinates; the middle of the stage otherwise) stays there. */
  set(scale: number | null, at?: Point): void {
    const { stage } = this;
    const before = this.scale;
    this.chosen = scale === null ? null : Math.min(MOST, Math.max(LEAST, scale));
    if (!stage) return;
    const box = stage.getBoundingClientRect();
    const [x, y] = at ? [at.x - box.left, at.y - box.top] : [box.width / 2, box.height / 2];
    const by = this.scale / before;
    const [left, top] = [(stage.scrollLeft + x) * by - x, (stage.scrollTop + y) * by - y];
    // After the picture has its new size.
    requestAnimationFrame(() => stage.scrollTo(left, top));
  }

  larger = (): void => this.set(this.scale * STEP);
  smaller = (): void => this.set(this.scale / STEP);

  /** The stage: measures it, and takes Ctrl+wheel, which is also how touchpads say a pinch, and two fingers. */
  attach = (stage: HTMLElement): (() => void) => {
    this.stage = stage;
    const measure = new ResizeObserver(() => {
      this.room = { width: stage.clientWidth, height: stage.clientHeight };
    });
    measure.observe(stage);
    const leaving = new AbortController();
    const listen = { signal: leaving.signal, passive: false };
    stage.addEventListener('wheel', this.#wheel, listen);
    stage.addEventListener('pointerdown', this.#down, listen);
    stage.addEventListener('pointermove', this.#move, listen);
    for (const end of ['pointerup', 'pointercancel', 'pointerleave'] as const)
      stage.addEventListener(end, this.#up, listen);
    return () => {
      measure.disconnect();
      leaving.abort();
      this.stage = null;
    };
  };

  /** + and −, 0 for all of it, 1 for its real size. True when the key was meant. */
  take(event: KeyboardEvent): boolean {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
    if (
      target instanceof HTMLElement &&
      target.closest('input, textarea, select, [contenteditable], [role=menu]')
    )
      return false;
    if (key === '+' || key === ';' || key === '=') this.larger();
    else if (key === '-') this.smaller();
    else if (key === '0') this.set(null);
    else if (key === '1') this.set(1);
    else return false;
    return true;
  }

  readonly #wheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const by = Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) / 120);
    this.set(this.scale * by, { x: event.clientX, y: event.clientY });
  };

  readonly #down = (event: PointerEvent): void => {
    if (event.pointerType === 'touch')
      this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };

  readonly #move = (event: PointerEvent): void => {
    if (!this.#fingers.has(event.pointerId)) return;
    const before = this.#pair();
    this.#fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const now = this.#pair();
    if (before && now && apart(before) > 0) this.set((this.scale * apart(now)) / apart(before), between(now));
  };

  readonly #up = (event: PointerEvent): void => {
    this.#fingers.delete(event.pointerId);
  };

  #pair(): [Point, Point] | null {
    const [one, two] = [...this.#fingers.values()];
    return one && two ? [one, two] : null;
  }
}
