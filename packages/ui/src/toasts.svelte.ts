/** A short word about what just happened, with at most one way to take it back. */
export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'danger';
  action?: { label: string; run: () => void } | undefined;
}

const PLAIN_MS = 5000;
/** Taking something back needs time to read and reach. */
const UNDO_MS = 10_000;

let next = 0;
export const toasts = $state<Toast[]>([]);

export function closeToast(id: number): void {
  const at = toasts.findIndex((toast) => toast.id === id);
  if (at >= 0) toasts.splice(at, 1);
}

/** Shows a toast; the oldest leaves when there are more than three. */
export function toast(text: string, options: { tone?: Toast['tone']; action?: Toast['action'] } = {}): void {
  const id = ++next;
  toasts.push({ id, text, tone: options.tone ?? 'plain', action: options.action });
  if (toasts.length > 3) toasts.shift();
  setTimeout(() => closeToast(id), options.action ? UNDO_MS : PLAIN_MS);
}
