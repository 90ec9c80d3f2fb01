import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCtx, requestPasswordReset } from '@engawa/domain';
import { buildWorld } from '@engawa/domain/testing';
import { openClient, signInAs, until } from '@engawa/sync/testing';
import { afterAll, expect, test } from 'vitest';
import { freePort, runProgram, whenReady, type Program } from '../testing/program.ts';

interface Value {
  stringValue?: string;
  intValue?: number | string;
}
interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string; value: Value }[];
}

const world = await buildWorld();
const place = mkdtempSync(join(tmpdir(), 'engawa-traces-'));

// A receiver as OTLP over HTTP asks for: it keeps what it is sent.
const bodies: string[] = [];
const receiver = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    if (request.url === '/v1/traces') bodies.push(Buffer.concat(parts).toString());
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
}).listen(0, '127.0.0.1');
await once(receiver, 'listening');
const programs: Program[] = [];
afterAll(() => {
  // Where a test failed, they still run.
  for (const { child } of programs) child.kill('SIGKILL');
  receiver.closeAllConnections();
  receiver.close();
  rmSync(place, { recursive: true, force: true });
});

const spans = (): Span[] =>
  bodies.flatMap((body) =>
    (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }).resourceSpans.flatMap(
      ({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans),
    ),
  );
const names = () => new Set(spans().map(({ name }) => name));
/** Says what of OpenTelemetry a process loads, as it loads it. */
const WATCH = `import { registerHooks } from 'node:module';
  registerHooks({ resolve(name, context, next) {
    if (/opentelemetry/.test(name)) console.error('LOADED ' + name);
    return next(name, context);
  } });`;

const envOf = (port: number) => ({
  DATABASE_URL: world.databaseUrl,
  STORAGE_URL: `file://${join(place, 'files')}`,
  ENGAWA_KEY: 'ab'.repeat(32),
  ENGAWA_DATA: join(place, `data-${port}`),
  ORIGIN: `http://localhost:${port}`,
  PORT: String(port),
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(WATCH)}`,
});

test(
  'requests, verbs, edits, sockets, jobs and the store are traced, with ids alone',
  { timeout: 300_000 },
  async () => {
    const port = await freePort();
    const env = envOf(port);
    const program = runProgram(['--roles', 'sync,worker'], {
      ...env,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '200',
      OTEL_SERVICE_NAME: 'engawa-test',
    });
    programs.push(program);
    await whenReady(program, port);
    expect(program.output()).toContain('LOADED @opentelemetry/sdk-trace');
    const itemId = await world.item({ title: '秘密の計画' });
    const token = await signInAs(world.sql, world.officer.id);
    const client = openClient({ url: `ws://127.0.0.1:${port}`, itemId, token, origin: env.ORIGIN });
    client.type('秘密の本文');
    await client.whenSaved();
    await fetch(`${env.ORIGIN}/invite/a-secret-link`);
    const [person] = await world.sql<{ email: string; name: string }[]>`
    select email, name from people where id = ${world.officer.id}`;
    await requestPasswordReset(createCtx({ kind: 'anonymous' }, world.services), { email: person!.email });

    const wanted = [
      'GET /invite',
      'sync.connect',
      'people.callerOf',
      'people.nameTag',
      'journal.load',
      'journal.append',
      'storage.ready',
      'job mail-reset',
      'people.resetMail',
    ];
    await until(
      () => wanted.every((name) => names().has(name)),
      120_000,
      () => [...names()].join(', '),
    );
    const all = spans();
    const connect = all.find(({ name }) => name === 'sync.connect')!;
    expect(connect.attributes).toContainEqual({ key: 'engawa.itemId', value: { stringValue: itemId } });
    // What the connection asked stands below it.
    const asked = all.find(
      ({ name, parentSpanId }) => name === 'people.nameTag' && parentSpanId === connect.spanId,
    );
    expect(asked?.traceId).toBe(connect.traceId);
    const request = all.find(({ name }) => name === 'GET /invite')!;
    expect(request.attributes).toContainEqual({
      key: 'http.response.status_code',
      value: { intValue: 404 },
    });
    const sent = bodies.join('\n');
    expect(sent).toContain('engawa-test');
    for (const secret of ['秘密', 'a-secret-link', token, person!.email, person!.name])
      expect(sent).not.toContain(secret);
    client.stop();
    program.child.kill('SIGTERM');
    expect(await program.ended, program.output()).toBe(0);
  },
);

test('where nothing is configured, nothing of it is loaded', { timeout: 240_000 }, async () => {
  const port = await freePort();
  const program = runProgram(['--roles', 'sync,worker'], envOf(port));
  programs.push(program);
  await whenReady(program, port);
  await until(async () => {
    const health = (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as { worker: boolean };
    return health.worker;
  }, 60_000);
  program.child.kill('SIGTERM');
  expect(await program.ended, program.output()).toBe(0);
  // The figures' library brings the interface, which does nothing by itself.
  expect(program.output()).not.toMatch(/LOADED @opentelemetry\/(?!api)/);
});
