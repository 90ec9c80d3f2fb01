/** A short word about what just happened, with at most one way to take it back. */
export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'danger';
  /** With `undo`, Ctrl+Z or ⌘Z runs it as well, outside of fields. */
  action?: { label: string; run: () => void; undo?: boolean } | undefined;
}

const PLAIN_MS = 5000;
/** Taking something back needs time to read and reach. */
const UNDO_MS = 10_000;

const HELD_MS = 2000;

let next = 0;
let held = false;
export const toasts = $state<Toast[]>([]);

export function closeToast(id: number): void {
  const at = toasts.findIndex((toast) => toast.id === id);
  if (at >= 0) toasts.splice(at, 1);
}

/** While somebody points at a toast or has the focus in it, none leaves. */
export function holdToasts(wanted: boolean): void {
  held = wanted;
}

/** Takes back the newest thing that can be taken back; false when there is none. */
export function undoNewest(): boolean {
  const newest = toasts.findLast((toast) => toast.action?.undo);
  if (!newest) return false;
  closeToast(newest.id);
  newest.action?.run();
  return true;
}

function leaveAfter(id: number, ms: number): void {
  setTimeout(() => (held ? leaveAfter(id, HELD_MS) : closeToast(id)), ms);
}

/** Shows a toast; the oldest leaves when there are more than three. */
export function toast(text: string, options: { tone?: Toast['tone']; action?: Toast['action'] } = {}): void {
  const id = ++next;
  toasts.push({ id, text, tone: options.tone ?? 'plain', action: options.action });
  if (toasts.length > 3) toasts.shift();
  leaveAfter(id, options.action ? UNDO_MS : PLAIN_MS);
}
