import { version } from '$app/env';
import { assets, immutable } from '$app/manifest';
import { OFFLINE_PATH } from '#lib/offline/addresses.ts';

const PREFIX = 'engawa-assets:';
const CURRENT = PREFIX + version;
const IMMUTABLE = '/_app/immutable/';
/** At once: few enough for a slow line to do anything else beside it. */
const SIDE_BY_SIDE = 4;

const paths = [
  // Fonts come in slices and are kept as they are used: all of them together are several megabytes.
  ...immutable.map(({ path }) => path).filter((path) => /\.(js|css)$/.test(path)),
  ...assets.map(({ path }) => path).filter((path) => /\.(svg|webmanifest)$/.test(path)),
].map((path) => new URL(path, location.origin).pathname);

/** Fetches what every page of this version is made of; what an older version had already is copied. */
export async function precache(): Promise<void> {
  const cache = await caches.open(CURRENT);
  const waiting = [...paths];
  const take = async (): Promise<void> => {
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (await cache.match(path)) continue;
      const known = path.startsWith(IMMUTABLE) ? await find(path) : undefined;
      const response = known ?? (await fetch(path, { cache: 'no-cache' }));
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      await cache.put(path, response);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, take));
  await keepOfflinePage();
}

/** The page for what was not read, in the language and colours that the device has now. */
export async function keepOfflinePage(): Promise<void> {
  const response = await fetch(OFFLINE_PATH, { cache: 'no-store', redirect: 'error' });
  if (response.ok) await (await caches.open(CURRENT)).put(OFFLINE_PATH, response);
}

export async function offlinePage(): Promise<Response> {
  return (await find(OFFLINE_PATH)) ?? Response.error();
}

/** Of older versions the last one stays: its pages may still be open, or kept. */
export async function dropOldAssets(): Promise<void> {
  const older = (await versions()).filter((name) => name !== CURRENT);
  await Promise.all(older.slice(1).map((name) => caches.delete(name)));
}

export function isAsset(path: string): boolean {
  return path.startsWith(IMMUTABLE) || paths.includes(path);
}

/** What is named by its content is taken from the device; what is not is asked for first. */
export async function asset(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith(IMMUTABLE)) {
    return fetch(request).catch(async () => (await find(pathname)) ?? Response.error());
  }
  const known = await find(pathname);
  if (known) return known;
  const response = await fetch(request);
  if (response.ok && response.status === 200) {
    await (await caches.open(CURRENT)).put(pathname, response.clone()).catch(() => {});
  }
  return response;
}

/** The current version first, then the others, the newest before the older. */
async function versions(): Promise<string[]> {
  const all = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  return all.sort((a, b) => Number(b === CURRENT) - Number(a === CURRENT) || (a < b ? 1 : -1));
}

async function find(path: string): Promise<Response | undefined> {
  for (const name of await versions()) {
    const found = await (await caches.open(name)).match(path);
    if (found) return found;
  }
  return undefined;
}
