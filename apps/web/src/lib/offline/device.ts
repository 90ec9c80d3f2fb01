import { KEEPABLE_AT_ONCE } from '@engawa/schema';
import { dev } from '$app/env';
import { aboutOf, isKeptCache, keptCache, UNSENT_CACHE, type Order } from './addresses.ts';
import { stillKeepable } from './offline.remote.ts';

// What this device keeps of what was read: pages (the service worker's caches) and the copies of documents that are
// being written (IndexedDB, `storedCopyName`). There is none of it where the browser has no secure storage.

const COPY = /^engawa\.([0-9a-f-]{36})\.([0-9a-f-]{36})\.(\d+)$/;
const PATIENCE_MS = 5_000;

/** Puts the service worker in place; not while developing, when there is nothing built to keep. */
export async function register(): Promise<void> {
  if (dev || !('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register('/service-worker.js', { type: 'module' }).catch(() => {});
}

/** Gives an order to the service worker and waits until it is done; false when there is none. */
export async function tell(order: Order): Promise<boolean> {
  const worker = 'serviceWorker' in navigator ? navigator.serviceWorker.controller : null;
  if (!worker) return false;
  const { port1, port2 } = new MessageChannel();
  const done = new Promise<boolean>((answer) => {
    port1.onmessage = () => answer(true);
    setTimeout(() => answer(false), PATIENCE_MS);
  });
  worker.postMessage(order, [port2]);
  return done;
}

/**
 * Asks the server what of all this may stay, and forgets the rest: what was taken back while one was away, or just
 * now. Of that the person keeps their own unsent words. When nobody is signed in any more, everything.
 */
export async function review(personId: string): Promise<void> {
  if (!('caches' in globalThis)) return;
  await retainAllowed(personId).catch(async (error: { status?: number }) => {
    if (error.status === 401) await forgetAll({ exceptUnsent: true });
  });
}

async function retainAllowed(personId: string): Promise<void> {
  const copies = await storedCopies();
  const ids = new Set(copies.filter((copy) => copy.personId === personId).map(({ itemId }) => itemId));
  for (const path of await keptPaths(personId)) {
    const about = aboutOf(path);
    if (about) ids.add(about);
  }
  const may = await allowed([...ids]);
  await tell({ order: 'retain', ids: [...may], personId });
  const over = copies.filter((copy) => copy.personId !== personId || !may.has(copy.itemId));
  await forgetCopies(over.filter((copy) => !copy.unsent));
  const own = over.filter((copy) => copy.personId === personId && copy.unsent);
  if (own.length === 0) return;
  const { handBack } = await import('./hand-back.ts');
  await handBack(own.map(({ name }) => name));
  await forgetCopies(own);
}

/** All are asked about before any is forgotten: what the server was not asked it has not refused. */
async function allowed(ids: string[]): Promise<Set<string>> {
  const may = new Set<string>();
  for (let i = 0; i < ids.length; i += KEEPABLE_AT_ONCE) {
    for (const { id } of await stillKeepable({ ids: ids.slice(i, i + KEEPABLE_AT_ONCE) })) may.add(id);
  }
  return may;
}

/** Forgets everything that this device keeps, for everybody. What nobody else has yet stays only when that is asked. */
export async function forgetAll({ exceptUnsent = false } = {}): Promise<void> {
  if (!('caches' in globalThis)) return;
  if (!(await tell({ order: 'forget' }))) {
    const names = (await caches.keys()).filter(isKeptCache);
    await Promise.all(names.map((name) => caches.delete(name)));
  }
  const copies = await storedCopies();
  await forgetCopies(exceptUnsent ? copies.filter((copy) => !copy.unsent) : copies);
}

/** Whether something written here has not reached the server. */
export async function holdsUnsent(): Promise<boolean> {
  return 'caches' in globalThis && (await storedCopies()).some((copy) => copy.unsent);
}

/** Remembers whether a stored copy holds edits that nobody else has. */
export async function markUnsent(copyName: string, unsent: boolean): Promise<void> {
  if (!('caches' in globalThis)) return;
  const marks = await caches.open(UNSENT_CACHE);
  if (unsent) await marks.put(`/${copyName}`, new Response());
  else await marks.delete(`/${copyName}`);
}

async function keptPaths(personId: string): Promise<string[]> {
  const cache = keptCache(personId);
  if (!(await caches.has(cache))) return [];
  return (await (await caches.open(cache)).keys()).map(({ url }) => new URL(url).pathname);
}

interface StoredCopy {
  name: string;
  personId: string;
  itemId: string;
  generation: number;
  unsent: boolean;
}

/** Copies of what an item was before it began anew: no page opens them any more. */
export async function earlierCopies(
  personId: string,
  itemId: string,
  generation: number,
): Promise<StoredCopy[]> {
  if (!('caches' in globalThis)) return [];
  return (await storedCopies()).filter(
    (copy) => copy.personId === personId && copy.itemId === itemId && copy.generation < generation,
  );
}

async function storedCopies(): Promise<StoredCopy[]> {
  // Unknown to some older browsers; what they keep is read by nobody but its owner's own session.
  const databases = (await indexedDB.databases?.().catch(() => [])) ?? [];
  const marks = await caches.open(UNSENT_CACHE);
  const unsent = new Set((await marks.keys()).map(({ url }) => new URL(url).pathname.slice(1)));
  return databases.flatMap(({ name = '' }) => {
    const [, personId, itemId, generation] = COPY.exec(name) ?? [];
    if (!personId || !itemId) return [];
    return [{ name, personId, itemId, generation: Number(generation), unsent: unsent.has(name) }];
  });
}

export async function forgetCopies(copies: StoredCopy[]): Promise<void> {
  await Promise.all(
    copies.map(async ({ name }) => {
      await new Promise<void>((done) => {
        const request = indexedDB.deleteDatabase(name);
        // A page that has it open lets go when it closes; nobody waits for that.
        request.onsuccess = request.onerror = request.onblocked = () => done();
      });
      await markUnsent(name, false);
    }),
  );
}
