import { Unauthenticated } from '@engawa/schema';
import { expect, test } from 'vitest';
import { createCtx } from '../ctx.ts';
import { buildWorld } from '../testing/index.ts';
import { endingSoon, invite, unanswered, withdrawInvitation } from './index.ts';

const world = await buildWorld();
const { sql, services, officer, administrator, clerk, stranger, space } = world;
const folder = await world.item({ kind: 'folder', title: '会議' });
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

test('an invitation that nobody took is told to whoever sent it, until it is settled', async () => {
  const { id } = await invite(officer.ctx, { objectId: folder, email: 'a@example.jp', role: 'viewer' });
  await invite(officer.ctx, { objectId: space, email: 'b@example.jp', role: 'viewer' });
  expect(await unanswered(officer.ctx)).toMatchObject([
    { email: 'a@example.jp', title: '会議', itemId: folder, expired: false },
    { email: 'b@example.jp', title: null, itemId: null, spaceId: space },
  ]);
  for (const other of [administrator, clerk, stranger]) expect(await unanswered(other.ctx)).toEqual([]);
  await sql`update invitations set expires_at = now() where id = ${id}`;
  expect(await unanswered(officer.ctx)).toMatchObject([{ id, expired: true }, {}]);
  await withdrawInvitation(officer.ctx, { id });
  expect(await unanswered(officer.ctx)).toHaveLength(1);
  await sql`update invitations set accepted_at = now() where email = 'b@example.jp'`;
  expect(await unanswered(officer.ctx)).toEqual([]);
});

test('guests who end within 14 days are told to whoever could prolong them', async () => {
  const soon = await world.give(clerk.id, folder, 'editor', inDays(3));
  await world.give(stranger.id, space, 'viewer', inDays(20));
  await world.give(administrator.id, space, 'viewer', inDays(2));
  expect(await endingSoon(officer.ctx)).toMatchObject([
    { id: soon, name: '町野 さくら', organisation: '益子町', title: '会議' },
  ]);
  // Editors and viewers may not share; a manager of the organisation may, everywhere in it.
  for (const other of [clerk, stranger]) expect(await endingSoon(other.ctx)).toEqual([]);
  expect(await endingSoon(administrator.ctx)).toHaveLength(1);
  await sql`update items set limited = true, access_path = array[id] where id = ${folder}`;
  expect(await endingSoon(officer.ctx)).toEqual([]);
});

test('nobody is turned away', async () => {
  const nobody = createCtx({ kind: 'anonymous' }, services);
  for (const list of [unanswered, endingSoon])
    await expect(list(nobody)).rejects.toBeInstanceOf(Unauthenticated);
});
