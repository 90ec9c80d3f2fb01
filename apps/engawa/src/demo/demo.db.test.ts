import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boardText, createCtx, fileFacts, mySpaces, signIn, tree } from '@engawa/domain';
import { buildFreshServices } from '@engawa/domain/testing';
import { openFolderStorage } from '@engawa/storage';
import { afterAll, expect, test } from 'vitest';
import { fillDemo } from './fill.ts';

const services = await buildFreshServices();
const store = mkdtempSync(join(tmpdir(), 'engawa-demo-'));
afterAll(() => rmSync(store, { recursive: true, force: true }));
services.storage = openFolderStorage(store);
const nobody = createCtx({ kind: 'anonymous' }, services);

test('the demo fills a fresh instance, and everybody it names can sign in', { timeout: 60_000 }, async () => {
  const { password, people, spaceId } = await fillDemo(services);
  expect(new Set(people.map((person) => person.organisation)).size).toBe(6);
  for (const [index, { email }] of people.entries()) {
    const client = { ip: `192.0.2.${index + 1}`, userAgent: 'test' };
    const { personId, sessionId } = await signIn(nobody, { email, password }, client);
    const ctx = createCtx({ kind: 'session', personId, sessionId }, services);
    const spaces = await mySpaces(ctx);
    expect(spaces.map((space) => space.id)).toContain(spaceId);
    expect((await tree(ctx, spaceId)).some((row) => row.kind === 'doc')).toBe(true);
  }
  const [, officer] = people;
  const { personId } = await signIn(
    nobody,
    { email: officer!.email, password },
    { ip: '192.0.2.99', userAgent: 'test' },
  );
  const ctx = createCtx({ kind: 'job', personId, job: 'test' }, services);
  const rows = await tree(ctx, spaceId);
  const files = rows.filter((row) => row.kind === 'file');
  const types = await Promise.all(files.map(async ({ id }) => (await fileFacts(ctx, { id })).version.type));
  expect(types.toSorted()).toEqual(['application/pdf', 'image/png', 'text/csv;charset=utf-8']);
  const board = rows.find((row) => row.kind === 'board');
  expect((await boardText(ctx, { id: board!.id })).lines.map(({ text }) => text)).toContain('まず一つ');
});

test('an instance that somebody lives in is left alone', async () => {
  await expect(fillDemo(services)).rejects.toThrow('set up already');
});
