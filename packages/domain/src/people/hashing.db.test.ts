import type * as argon2 from '@node-rs/argon2';
import { expect, test, vi } from 'vitest';
import { createCtx } from '../ctx.ts';
import { buildWorld } from '../testing/index.ts';
import { createSetupToken, resetPassword, setUp } from './index.ts';

const hashed = vi.hoisted(() => vi.fn());
vi.mock('@node-rs/argon2', async (original) => ({
  ...(await original<typeof argon2>()),
  hash: hashed.mockResolvedValue('$argon2id$'),
}));

const world = await buildWorld();
const nobody = createCtx({ kind: 'anonymous' }, world.services);
const password = '縁側で 麦茶を 飲む 午後';

test('a stranger without a link has no password hashed: that work would be theirs to ask for without end', async () => {
  const wrong = resetPassword(nobody, { token: 'x'.repeat(43), password });
  await expect(wrong).rejects.toMatchObject({ code: 'reset.wrong' });
  const person = { name: '甲', kana: '', email: 'a@example.jp', organisation: '乙', organisationKana: '' };
  const input = { ...person, token: 'x'.repeat(43), password };
  await expect(setUp(nobody, input)).rejects.toMatchObject({ code: 'setup.used' });
  await world.sql`update organisations set host = false`;
  await createSetupToken(nobody);
  await expect(setUp(nobody, input)).rejects.toMatchObject({ code: 'setup.wrong' });
  expect(hashed).not.toHaveBeenCalled();
});
