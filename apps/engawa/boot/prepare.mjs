// Brings everything that Engawa needs, on a machine that has only Node ≥ 18, npm and a shell.
// Runs before anything is installed: it may import nothing but Node's own modules.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const PNPM = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;
/** The first Node that runs TypeScript without a flag. */
const LEAST_NODE = [22, 18];

const STAMPS = join(root, '.cache/boot.json');
const INSTALLED_BY = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'];
/** What the built web app is made of. The server packages stay outside of it and run from their sources. */
const BUILT_FROM = [
  'apps/web',
  ...['access', 'board', 'editor', 'i18n', 'schema', 'structs', 'ui'].map((room) => `packages/${room}`),
];
const NOT_SOURCES = new Set([
  'node_modules',
  'build',
  '.svelte-kit',
  'paraglide',
  'test-results',
  'playwright-report',
  'e2e',
  // What the build itself writes beside its sources (project.inlang).
  'cache',
  '.lix',
  '.meta.json',
  '.gitignore',
]);

/**
 * Installs and builds what changed since the last time. Resolves with the Node that runs Engawa.
 * @param {{ web?: boolean }} wanted `web: false` when the built pages are not needed
 */
export async function prepare({ web = true } = {}) {
  const stamps = readStamps();
  const install = hashOf([...INSTALLED_BY, ...manifests()], `${process.platform} ${process.arch}`);
  if (stamps.install !== install || !existsSync(join(root, 'node_modules/.modules.yaml'))) {
    say('Installing what is pinned (a minute or two the first time) …');
    run(
      'npx',
      ['--yes', PNPM, 'install', '--frozen-lockfile'],
      'Installing did not work. The lines above say why; the network is the usual reason.',
    );
    keepStamps({ install });
  }
  const node = pickNode();
  if (web) await buildWeb(node, `${install} ${hashOf(BUILT_FROM)}`);
  return node;
}

/** Runs one of the repository's own commands with the right Node first on the path. Returns what spawnSync returns. */
export function pnpm(args, options = {}) {
  return spawnSync('npx', ['--yes', PNPM, ...args], {
    cwd: root,
    stdio: 'inherit',
    ...options,
    env: { ...environment(pickNode()), ...options.env },
  });
}

/** The environment in which `node` and the tools are the pinned ones, and compiled sources are kept. */
export function environment(node) {
  return {
    NODE_COMPILE_CACHE: join(root, '.cache/compiled'),
    ...process.env,
    PATH: [dirname(node), join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
  };
}

export function say(sentence) {
  console.log(`engawa: ${sentence}`);
}

async function buildWeb(node, sources) {
  if (readStamps().web === sources && existsSync(join(root, 'apps/web/build/handler.js'))) return;
  const cwd = join(root, 'apps/web');
  const tool = (name, file) => join(cwd, 'node_modules', name, file);
  await patiently('Building the web app', async () => {
    for (const args of [
      [tool('@sveltejs/kit', 'svelte-kit.js'), 'sync'],
      [tool('vite', 'bin/vite.js'), 'build', '--logLevel', 'warn'],
    ]) {
      const { status, output } = await quietly(node, args, cwd);
      if (status === 0) continue;
      console.error(output);
      say('The web app could not be built. The lines above say why.');
      process.exit(status);
    }
  });
  keepStamps({ web: sources });
}

/** Says what is being done, and every ten seconds that it still is. */
async function patiently(what, work) {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  say(`${what} (about half a minute) …`);
  const timer = setInterval(() => say(`${what} … ${seconds()} s`), 10_000);
  await work();
  clearInterval(timer);
  say(`${what}: done in ${seconds()} s.`);
}

/** Runs a tool whose words matter only when it fails. */
function quietly(command, args, cwd) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += part));
    child.once('error', (error) => done({ status: 1, output: error.message }));
    child.once('close', (code) => done({ status: code ?? 1, output }));
  });
}

/** The host's Node when it is new enough, else the one that came with the installation. */
function pickNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return process.execPath;
  const brought = join(root, 'node_modules/.bin/node');
  if (existsSync(brought)) return brought;
  say(
    `Node ${process.versions.node} is too old and there is none to bring for ${process.platform}-${process.arch}: install Node 24 from https://nodejs.org and start again.`,
  );
  return process.exit(1);
}

function run(command, args, whenFailed, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (status === 0) return;
  say(error ? `${command} could not be run (${error.message}).` : whenFailed);
  process.exit(status ?? 1);
}

function manifests() {
  return ['apps', 'packages'].flatMap((top) =>
    readdirSync(join(root, top))
      .map((room) => `${top}/${room}/package.json`)
      .filter((file) => existsSync(join(root, file))),
  );
}

/** One hash over names and contents of files and folders. */
function hashOf(places, salt = '') {
  const hash = createHash('sha256').update(salt);
  const add = (place) => {
    const path = join(root, place);
    if (!existsSync(path)) return;
    for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      if (NOT_SOURCES.has(entry.name)) continue;
      if (entry.isDirectory()) add(`${place}/${entry.name}`);
      else if (!/\.(test|md)\b/.test(entry.name)) file(`${place}/${entry.name}`);
    }
  };
  const file = (place) => hash.update(`\0${place}\0`).update(readFileSync(join(root, place)));
  for (const place of places) (/\.(json|yaml)$/.test(place) ? file : add)(place);
  return hash.digest('hex');
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(STAMPS, 'utf8'));
  } catch {
    return {};
  }
}

/** Written only after the step succeeded, so a step that was cut off is done again. */
function keepStamps(more) {
  mkdirSync(dirname(STAMPS), { recursive: true });
  writeFileSync(STAMPS, JSON.stringify({ ...readStamps(), ...more }, null, 2));
}
