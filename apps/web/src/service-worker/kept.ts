import {
  aboutOf,
  isKeepable,
  isKeptCache,
  KEEP_HEADER,
  KEPT_AT,
  KEPT_ATTRIBUTE,
  KEPT_SIZE,
  KEPT_TITLE,
  keptCache,
  NO_END,
  NOBODY,
  PERSON_HEADER,
} from '#lib/offline/addresses.ts';

const MOST_PAGES = 50;
const MOST_BYTES = 20 * 1024 * 1024;
const LARGEST = 4 * 1024 * 1024;
/** Nobody reads a page of last month as the state of things. */
const LONGEST_MS = 30 * 24 * 60 * 60 * 1000;

/** Grows when something is taken away: a page that was asked for before that is asked for again. */
let turn = 0;
const MOST_TURNS = 5;

/** Whoever signs out forgets first: until the server knows of it, it would let the page be kept. */
let closedUntil = 0;
const CLOSED_MS = 15_000;

/** Asks the server for a page to keep, under the name of the person it is for. The server decides, page by page. */
export async function keep(path: string, personId: string): Promise<void> {
  if (!isKeepable(path)) return;
  for (let i = 0; i < MOST_TURNS && Date.now() > closedUntil; i += 1) {
    const began = turn;
    await keepNow(path, personId, began);
    if (turn === began) return;
  }
}

async function keepNow(path: string, personId: string, began: number): Promise<void> {
  const headers = { accept: 'text/html', [KEEP_HEADER]: '1' };
  const response = await fetch(path, { headers, redirect: 'manual', cache: 'no-store' }).catch(() => null);
  if (!response || response.status >= 500 || response.status === 429) return;
  const owner = response.headers.get(PERSON_HEADER);
  const until = response.headers.get(KEEP_HEADER);
  const html = response.ok && owner === personId && until ? await response.text() : '';
  const size = new Blob([html]).size;
  if (turn !== began) return;
  if (!until || size === 0 || size > LARGEST) return forgetPage(path);
  await forgetOthers(personId);
  const cache = await caches.open(keptCache(personId));
  await cache.put(path, copyOf(response, html, size));
  if (turn !== began) await cache.delete(path);
  else await trim(cache);
}

/** The whole answer with its headers: the nonces of the page and of its security policy belong together. */
function copyOf(response: Response, html: string, size: number): Response {
  const headers = new Headers(response.headers);
  for (const name of ['content-encoding', 'content-length', 'link']) headers.delete(name);
  const [, title = ''] = /<title>([^<]*)<\/title>/.exec(html) ?? [];
  headers.set(KEPT_AT, new Date().toISOString());
  headers.set(KEPT_SIZE, String(size));
  headers.set(KEPT_TITLE, encodeURIComponent(title));
  return new Response(html, { status: 200, headers });
}

/** The page as it was last read, with the time of that written on it; null when there is none that may be shown. */
export async function keptPage(path: string): Promise<Response | null> {
  const [name, ...more] = (await caches.keys()).filter(isKeptCache);
  if (!name || more.length > 0) return null;
  const found = await (await caches.open(name)).match(path);
  if (!found || isOver(found)) return null;
  const html = await found.text();
  const at = found.headers.get(KEPT_AT) ?? '';
  return new Response(html.replace('<html ', `<html ${KEPT_ATTRIBUTE}="${at}" `), { headers: found.headers });
}

function isOver({ headers }: Response): boolean {
  const until = headers.get(KEEP_HEADER) ?? '';
  const read = Date.parse(headers.get(KEPT_AT) ?? '');
  return !(Date.now() - read < LONGEST_MS) || (until !== NO_END && !(Date.parse(until) > Date.now()));
}

async function trim(cache: Cache): Promise<void> {
  const pages = await Promise.all(
    (await cache.keys()).map(async (request) => ({ request, response: await cache.match(request) })),
  );
  const read = (response: Response | undefined) => response?.headers.get(KEPT_AT) ?? '';
  pages.sort((a, b) => (read(a.response) < read(b.response) ? 1 : -1));
  let bytes = 0;
  for (const [i, { request, response }] of pages.entries()) {
    bytes += Number(response?.headers.get(KEPT_SIZE) ?? 0);
    if (!response || isOver(response) || i >= MOST_PAGES || bytes > MOST_BYTES) await cache.delete(request);
  }
}

/** What the server said about whose device this is: pages of anybody else go, and all of them when it is nobody. */
export async function belongsTo(response: Response): Promise<void> {
  const owner = response.headers.get(PERSON_HEADER);
  if (owner === NOBODY) await forget();
  else if (owner) await forgetOthers(owner);
}

async function forgetOthers(personId: string): Promise<void> {
  const others = (await caches.keys()).filter((name) => isKeptCache(name) && name !== keptCache(personId));
  if (others.length === 0) return;
  turn += 1;
  await Promise.all(others.map((name) => caches.delete(name)));
}

/** Of the pages about something, those stay that are about one of these. */
export async function retain(ids: string[], personId: string): Promise<void> {
  turn += 1;
  await forgetOthers(personId);
  const cache = await caches.open(keptCache(personId));
  const wanted = new Set(ids);
  for (const request of await cache.keys()) {
    const about = aboutOf(new URL(request.url).pathname);
    if (about !== null && !wanted.has(about)) await cache.delete(request);
  }
  await trim(cache);
}

/** Everything, for everybody. */
export async function forget(): Promise<void> {
  turn += 1;
  const names = (await caches.keys()).filter(isKeptCache);
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** As `forget`, and nothing is kept for a while: somebody is about to sign out. */
export async function close(): Promise<void> {
  closedUntil = Date.now() + CLOSED_MS;
  await forget();
}

async function forgetPage(path: string): Promise<void> {
  for (const name of (await caches.keys()).filter(isKeptCache)) await (await caches.open(name)).delete(path);
}
