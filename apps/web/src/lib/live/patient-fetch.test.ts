import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askPatiently } from './patient-fetch.ts';

const QUESTION = '/_app/remote/abc/tree?payload=x';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('location', new URL('http://localhost:3000/s/1'));
  const target = new EventTarget();
  vi.stubGlobal('addEventListener', target.addEventListener.bind(target));
  vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target));
  vi.stubGlobal('dispatchEvent', target.dispatchEvent.bind(target));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a question is asked again until the line is back', async () => {
  const ask = vi
    .fn<typeof fetch>()
    .mockRejectedValueOnce(new TypeError('Failed to fetch'))
    .mockResolvedValueOnce(new Response('', { status: 503 }))
    .mockResolvedValueOnce(new Response('tree'));
  const answer = askPatiently(ask)(QUESTION);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await (await answer).text()).toBe('tree');
  expect(ask).toHaveBeenCalledTimes(3);
});

test('it does not wait when the browser hears that the line is back', async () => {
  const ask = vi
    .fn<typeof fetch>()
    .mockRejectedValueOnce(new TypeError('away'))
    .mockResolvedValueOnce(new Response('tree'));
  const answer = askPatiently(ask)(QUESTION);
  await vi.advanceTimersByTimeAsync(1);
  dispatchEvent(new Event('online'));
  expect(await (await answer).text()).toBe('tree');
});

test('a deed, another address and a question that was called off fail at once', async () => {
  const lost = new TypeError('Failed to fetch');
  const ask = vi.fn<typeof fetch>().mockRejectedValue(lost);
  const patient = askPatiently(ask);
  await expect(patient(QUESTION, { method: 'POST' })).rejects.toBe(lost);
  await expect(patient('/healthz')).rejects.toBe(lost);
  await expect(patient(QUESTION, { signal: AbortSignal.abort() })).rejects.toBe(lost);
  expect(ask).toHaveBeenCalledTimes(3);
});

test('an answer that says no is an answer', async () => {
  const ask = vi.fn<typeof fetch>().mockResolvedValue(new Response('', { status: 404 }));
  expect((await askPatiently(ask)(QUESTION)).status).toBe(404);
});

test('whoever listens hears that the line is lost, and that it is back', async () => {
  const ask = vi
    .fn<typeof fetch>()
    .mockRejectedValueOnce(new TypeError('away'))
    .mockResolvedValueOnce(new Response('tree'));
  const listener = { lost: vi.fn(), back: vi.fn() };
  const answer = askPatiently(ask, listener)(QUESTION);
  await vi.advanceTimersByTimeAsync(1);
  expect(listener.lost).toHaveBeenCalledOnce();
  expect(listener.back).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(10_000);
  await answer;
  expect(listener.back).toHaveBeenCalledOnce();
});
