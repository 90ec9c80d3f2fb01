import type { Input, PointerInput } from '../interaction/input.ts';
import { takesKey } from '../interaction/reduce.ts';
import type { BoardView } from './board-view.ts';

const isMac = () => typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent);

/**
 * Connects an element (the topmost canvas, focusable) to a view: pointers, wheel, pinch, keys. Copy, cut and paste are
 * left to the app, which knows what else can be pasted. Returns how to disconnect.
 */
export function listen(element: HTMLElement, view: BoardView): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  element.style.touchAction = 'none';
  const on = <K extends keyof HTMLElementEventMap>(
    type: K,
    handle: (event: HTMLElementEventMap[K]) => void,
  ) => element.addEventListener(type, handle, { signal, passive: false });
  const pointer = (type: 'down' | 'move' | 'up', event: PointerEvent) =>
    view.dispatch({ type, ...pointed(element, event) });
  on('pointerdown', (event) => {
    // A press outside any field ends typing there; the browser would select text instead.
    if (event.button !== 2) event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    pointer('down', event);
  });
  on('pointermove', (event) => {
    const drawing = view.stage.doing.kind === 'drawing';
    // All points of a stroke that came since the last frame, not only the last.
    const events = drawing ? event.getCoalescedEvents() : [];
    for (const each of events.length > 0 ? events : [event]) pointer('move', each);
  });
  on('pointerup', (event) => pointer('up', event));
  on('pointercancel', (event) => view.dispatch({ type: 'cancel', id: event.pointerId }));
  on('pointerleave', () => view.dispatch({ type: 'leave' }));
  on('dblclick', (event) =>
    view.dispatch({
      type: 'double',
      ...modifiers(event),
      id: 0,
      at: placeOf(element, event),
      device: 'mouse',
      button: 0,
      pressure: 0.5,
    }),
  );
  on('wheel', (event) => {
    event.preventDefault();
    view.dispatch(wheel(element, event));
  });
  on('keydown', (event) => {
    if (event.isComposing || event.target !== element) return;
    const input = { type: 'key', key: event.key, repeat: event.repeat, ...modifiers(event) } as const;
    if (!takesKey(view.stage, input, view.board)) return;
    event.preventDefault();
    view.dispatch(input);
  });
  on('keyup', (event) => view.dispatch({ type: 'keyup', key: event.key }));
  on('blur', () => view.dispatch({ type: 'keyup', key: ' ' }));
  return () => ending.abort();
}

function placeOf(element: HTMLElement, event: MouseEvent): { x: number; y: number } {
  const { left, top } = element.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

const modifiers = (event: MouseEvent | KeyboardEvent) => ({
  shift: event.shiftKey,
  alt: event.altKey,
  command: isMac() ? event.metaKey : event.ctrlKey,
});

function pointed(element: HTMLElement, event: PointerEvent): PointerInput {
  const device = event.pointerType === 'pen' || event.pointerType === 'touch' ? event.pointerType : 'mouse';
  return {
    ...modifiers(event),
    id: event.pointerId,
    at: placeOf(element, event),
    device,
    button: event.button,
    pressure: event.pressure,
  };
}

/** Pixels of a wheel's lines and pages. */
const UNITS = [1, 33, 400] as const;

function wheel(element: HTMLElement, event: WheelEvent): Input {
  const unit = UNITS[event.deltaMode as 0 | 1 | 2];
  const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
  // Browsers report pinching on a touchpad as a wheel with Ctrl, in small steps.
  const zoom = event.ctrlKey || event.metaKey;
  const turned = event.shiftKey && dx === 0;
  const at = placeOf(element, event);
  return {
    type: 'wheel',
    at,
    dx: turned ? dy : dx,
    dy: turned ? 0 : zoom ? dy * (Math.abs(dy) < 40 ? 3 : 1) : dy,
    zoom,
  };
}
