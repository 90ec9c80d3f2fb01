import { createCtx, mySpaces, signIn, tree } from '@engawa/domain';
import { buildFreshServices } from '@engawa/domain/testing';
import { expect, test } from 'vitest';
import { fillDemo } from './fill.ts';

const services = await buildFreshServices();
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
});

test('an instance that somebody lives in is left alone', async () => {
  await expect(fillDemo(services)).rejects.toThrow('set up already');
});
