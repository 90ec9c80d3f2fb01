import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { Manifest, SourceFile } from './source-files.ts';

/** Where a file breaks a rule, and why the rule is there. */
export interface Fault {
  path: string;
  why: string;
}

const PACKAGES = [
  'schema',
  'access',
  'structs',
  'editor',
  'board',
  'db',
  'domain',
  'storage',
  'mail',
  'ui',
  'i18n',
];

/** Which rooms a room may import. What is not here may import nothing of ours. */
const MAY_IMPORT: Record<string, string[]> = {
  access: ['schema'],
  editor: ['schema', 'structs'],
  board: ['schema', 'structs'],
  domain: ['schema', 'access', 'db', 'storage', 'editor', 'board'],
  web: PACKAGES,
  sync: PACKAGES,
  worker: PACKAGES,
  engawa: [...PACKAGES, 'web', 'sync', 'worker'],
  bench: [...PACKAGES, 'web', 'sync', 'worker', 'engawa'],
};
const BROWSER_MAY_IMPORT = ['schema', 'access', 'structs', 'editor', 'board', 'ui', 'i18n'];
const FOUNDATIONS = ['ledger', 'grants', 'people', 'spaces', 'items', 'journal', 'files'];

/** All faults of the repository, in the order of its files. */
export function importFaults(files: SourceFile[], manifests: Map<string, Manifest>): Fault[] {
  const faults = files.flatMap((file) =>
    file.imports.flatMap(({ from, typeOnly }) => {
      const why = from.startsWith('.')
        ? relativeFault(file, posix.normalize(posix.join(posix.dirname(file.path), from)))
        : from.startsWith('@engawa/')
          ? (directionFault(file, from, typeOnly) ?? undeclaredFault(file, from, manifests))
          : undeclaredFault(file, from, manifests);
      return why ? [{ path: file.path, why }] : [];
    }),
  );
  return [...faults, ...cycles(files)];
}

const nameOf = (room: string) => room.split('/')[1]!;
const isTest = (path: string) =>
  /\.(test|e2e)\.ts$/.test(path) || /\/(testing|e2e)\//.test(path) || /\/testing(-setup)?\.ts$/.test(path);
const isTooling = (path: string) =>
  /\.config\.(ts|js|mjs)$/.test(path) || path.startsWith('packages/config/');
/** Of the web app only these run on the server; everything else may end in a browser. */
const isServerSide = (path: string) =>
  /(\.server\.ts|\.remote\.ts|\+server\.ts|\/lib\/server\/.*)$/.test(path);

function directionFault(file: SourceFile, from: string, typeOnly: boolean): string | null {
  const [, target = ''] = from.split('/');
  const room = nameOf(file.room);
  if (isTooling(file.path) || room === target) return null;
  if (target === 'config') return `${from} is for development only: nothing that runs may need it.`;
  if (/\/testing$/.test(from) && !isTest(file.path))
    return `${from} builds test worlds: only tests may import it.`;
  if (!(MAY_IMPORT[room] ?? []).includes(target)) {
    const allowed = MAY_IMPORT[room]?.join(', ') ?? 'no room at all';
    return `${room} may not import ${target} (it may import: ${allowed}). Imports run one way, so that a change is felt only above it.`;
  }
  // A type is erased; a value would bring a server package, and perhaps a secret, into the browser.
  if (
    room === 'web' &&
    !isTest(file.path) &&
    !isServerSide(file.path) &&
    !typeOnly &&
    !BROWSER_MAY_IMPORT.includes(target)
  ) {
    return `this file may run in a browser, and ${target} belongs to the server: call it from a .remote.ts or from lib/server.`;
  }
  return null;
}

function undeclaredFault(file: SourceFile, from: string, manifests: Map<string, Manifest>): string | null {
  // `$app/…` and `#lib/…` are names for places inside the room.
  if (/^(\$|#|virtual:)/.test(from)) return null;
  if (isBuiltin(from))
    return from.startsWith('node:') ? null : `write "node:${from}", so that it is seen to be part of Node.`;
  const name = from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/');
  const own = manifests.get(file.room)!;
  const root = manifests.get('.');
  const inDevelopment = isTest(file.path) || isTooling(file.path);
  if (own.name === name || own.dependencies.includes(name)) return null;
  // The web app's build bundles its devDependencies; elsewhere only tests may lean on them.
  if (own.devDependencies.includes(name) && (inDevelopment || file.room === 'apps/web')) return null;
  if (inDevelopment && root?.devDependencies.includes(name)) return null;
  if (own.devDependencies.includes(name))
    return `${name} is only a devDependency of ${file.room}, but this file runs in production.`;
  return `${file.room}/package.json does not declare ${name}: it would work here by luck and break elsewhere.`;
}

function relativeFault(file: SourceFile, target: string): string | null {
  if (!target.startsWith(`${file.room}/`)) {
    return `"${target}" lies outside ${file.room}: go in by the package's name, its door is its exports.`;
  }
  return file.room === 'packages/domain' && !isTest(file.path) ? domainFault(file, target) : null;
}

function domainFault(file: SourceFile, target: string): string | null {
  const [, , , feature, ...inside] = file.path.split('/');
  const [, , , wanted, ...door] = target.split('/');
  if (inside.length === 0) {
    if (door.length === 0 || feature === 'index.ts') return doorFault(wanted!, door);
    return `${feature} lies below all features, so it may not import ${wanted}.`;
  }
  if (feature === wanted) return null;
  if (door.length === 0) {
    return wanted === 'index.ts'
      ? 'the way out of the domain is not the way in: import the folder you need.'
      : null;
  }
  if (wanted === 'testing') return 'domain/testing builds test worlds: only tests may import it.';
  const place = FOUNDATIONS.indexOf(wanted!);
  if (place === -1) {
    return `${feature} and ${wanted} are siblings and never import each other: they meet in a page, a job or a ledger event.`;
  }
  const own = FOUNDATIONS.indexOf(feature!);
  if (own !== -1 && place > own) {
    return `${feature} stands left of ${wanted} in the row ${FOUNDATIONS.join(', ')}: each imports only those left of it.`;
  }
  return doorFault(wanted!, door);
}

function doorFault(wanted: string, door: string[]): string | null {
  return door.length === 0 || door.join('/') === 'index.ts'
    ? null
    : `${wanted} is entered only through ${wanted}/index.ts.`;
}

/** Rings of files that need each other while loading. Types do not load. */
function cycles(files: SourceFile[]): Fault[] {
  const known = new Map(files.map((file) => [file.path, file]));
  const done = new Set<string>();
  const faults: Fault[] = [];
  const visit = (path: string, trail: string[]) => {
    if (trail.includes(path)) {
      const ring = [...trail.slice(trail.indexOf(path)), path]
        .map((step) => posix.basename(step))
        .join(' → ');
      faults.push({
        path,
        why: `these files import each other in a ring: ${ring}. Move what they share below both.`,
      });
      return;
    }
    if (done.has(path)) return;
    for (const { from, typeOnly } of known.get(path)?.imports ?? []) {
      if (typeOnly || !from.startsWith('.')) continue;
      visit(posix.normalize(posix.join(posix.dirname(path), from)), [...trail, path]);
    }
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return faults;
}
