import { isKeptCache, KEPT_AT, KEPT_TITLE } from './addresses.ts';

export interface ReadPage {
  path: string;
  title: string;
  at: Date;
}

/** What this device keeps of what was read, the newest first. */
export async function readPages(): Promise<ReadPage[]> {
  if (!('caches' in globalThis)) return [];
  const [name] = (await caches.keys()).filter(isKeptCache);
  if (!name) return [];
  const cache = await caches.open(name);
  const pages = await Promise.all(
    (await cache.keys()).map(async (request) => {
      const headers = (await cache.match(request))?.headers;
      const title = plain(decodeURIComponent(headers?.get(KEPT_TITLE) ?? '')).replace(/ · [^·]*$/, '');
      return { path: new URL(request.url).pathname, title, at: new Date(headers?.get(KEPT_AT) ?? 0) };
    }),
  );
  return pages.toSorted((a, b) => b.at.getTime() - a.at.getTime());
}

/** The title as it is read, not as it is written in the page. */
function plain(html: string): string {
  return new DOMParser().parseFromString(html, 'text/html').documentElement.textContent;
}
