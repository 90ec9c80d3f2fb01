import { afterEach, beforeEach, expect, test, vi } from 'vitest';

// Outside of Svelte's compiler the rune is what it wraps.
vi.stubGlobal('$state', <T>(value: T): T => value);
const { closeToast, holdToasts, toast, toasts, undoNewest } = await import('./toasts.svelte.ts');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const { id } of [...toasts]) closeToast(id);
  vi.useRealTimers();
});

test('a toast leaves by itself, but never under somebody who is at it', () => {
  toast('保存しました');
  holdToasts(true);
  vi.advanceTimersByTime(60_000);
  expect(toasts).toHaveLength(1);
  holdToasts(false);
  vi.advanceTimersByTime(3000);
  expect(toasts).toHaveLength(0);
});

test('the keys take back the newest thing that can be taken back, once', () => {
  const run = vi.fn();
  toast('移しました', { action: { label: '元に戻す', run, undo: true } });
  toast('戻しました', { action: { label: '開く', run: () => expect.unreachable() } });
  expect(undoNewest()).toBe(true);
  expect(run).toHaveBeenCalledOnce();
  expect(undoNewest()).toBe(false);
});
