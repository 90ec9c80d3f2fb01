// Pages are asked of the server first, always. Without it: the page as this person last read it, where the server
// allowed the device to keep it, or a page that says it was not read. Everything else — remote functions, uploads,
// downloads, sockets — passes by untouched.
import { self } from '$app/service-worker';
import { isPlace, OFFLINE_PATH, type Order } from '#lib/offline/addresses.ts';
import { asset, dropOldAssets, isAsset, keepOfflinePage, offlinePage, precache } from './assets.ts';
import { belongsTo, close, keep, keptPage, retain } from './kept.ts';

/** What a proxy answers while the program behind it is away. */
const AWAY = new Set([502, 503, 504]);

self.addEventListener('install', (event) => {
  event.waitUntil(precache().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOldAssets().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (isPlace(pathname)) event.respondWith(page(event));
  } else if (isAsset(pathname)) event.respondWith(asset(request));
});

async function page(event: FetchEvent): Promise<Response> {
  const { request } = event;
  const { pathname, search } = new URL(request.url);
  const response = await fetch(request).catch(() => null);
  if (response && !AWAY.has(response.status)) {
    event.waitUntil(belongsTo(response));
    return response;
  }
  const kept = await keptPage(pathname);
  if (kept) return kept;
  if (response) return response;
  if (pathname === OFFLINE_PATH) return offlinePage();
  return Response.redirect(`${OFFLINE_PATH}?from=${encodeURIComponent(pathname + search)}`, 302);
}

self.addEventListener('message', (event) => {
  const order = event.data as Order;
  const done = obey(order).catch(() => {});
  event.waitUntil(done.then(() => event.ports[0]?.postMessage('done')));
});

async function obey(order: Order): Promise<void> {
  if (order.order === 'keep') await keep(order.path, order.personId);
  else if (order.order === 'retain') await retain(order.ids, order.personId);
  else if (order.order === 'forget') await close();
  else await keepOfflinePage();
}
