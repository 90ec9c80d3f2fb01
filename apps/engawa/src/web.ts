import { existsSync } from 'node:fs';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Stop } from './stop.ts';

/** Pages, in whichever way they are made. */
export interface Web {
  handle: RequestListener;
  /** True for sockets that belong to the pages' own tooling. */
  ownsUpgrade(request: IncomingMessage): boolean;
  close(): Promise<void>;
}

// What the built app is told about a request. Our own names, set on every request, so that no visitor can send them.
export const PROTOCOL = 'x-engawa-protocol';
export const HOST = 'x-engawa-host';
export const ADDRESS = 'x-engawa-address';

const root = () => dirname(fileURLToPath(import.meta.resolve('@engawa/web/package.json')));

/** The built app. It reads its settings from the environment while it loads. */
export async function loadWeb(): Promise<Web> {
  const file = join(root(), 'build', 'handler.js');
  if (!existsSync(file))
    throw new Stop('The web app is not built: start by `npm start`, or build it by `pnpm build`.');
  Object.assign(process.env, {
    PROTOCOL_HEADER: PROTOCOL,
    HOST_HEADER: HOST,
    ADDRESS_HEADER: ADDRESS,
    // `bodies.ts` bounds them: an upload has no limit of its own.
    BODY_SIZE_LIMIT: 'Infinity',
  });
  const { handler } = (await import(pathToFileURL(file).href)) as { handler: RequestListener };
  return { handle: handler, ownsUpgrade: () => false, close: async () => {} };
}

/** The app from its sources, with hot reload on the same port. */
export async function loadDevelopmentWeb(server: Server): Promise<Web> {
  // SvelteKit looks for its configuration and sources from the working folder.
  process.chdir(root());
  const { createServer } = await import('vite');
  const vite = await createServer({
    root: root(),
    server: { middlewareMode: true, hmr: { server } },
    appType: 'custom',
  });
  return {
    handle: vite.middlewares,
    ownsUpgrade: (request) => /^vite-/.test(request.headers['sec-websocket-protocol'] ?? ''),
    close: () => vite.close(),
  };
}
