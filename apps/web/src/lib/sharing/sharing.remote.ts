import * as domain from '@engawa/domain';
import { ChangeGrantInput, GrantInput, Id, RevokeGrantInput } from '@engawa/schema';
import * as v from 'valibot';
import { act, read } from '#lib/server/endpoint.ts';

/** Who holds what on the object, what comes from above included. */
export const grantsOn = read(Id, (ctx, objectId) => domain.grantsOn(ctx, objectId));

/** Who can see it now, for the one sentence. */
export const audience = read(Id, (ctx, objectId) => domain.audience(ctx, objectId));

// `objectId` only says which lists to send along; the domain asks for permission on what the grant itself is about.
const onObject = { objectId: Id };

async function refreshed(objectId: string): Promise<void> {
  await Promise.all([grantsOn(objectId).refresh(), audience(objectId).refresh()]);
}

export const grant = act(GrantInput, async (ctx, input) => {
  const given = await domain.grant(ctx, input);
  await refreshed(input.objectId);
  return given;
});

export const changeGrant = act(
  v.object({ ...ChangeGrantInput.entries, ...onObject }),
  async (ctx, { objectId, ...input }) => {
    await domain.changeGrant(ctx, input);
    await refreshed(objectId);
  },
);

export const revokeGrant = act(
  v.object({ ...RevokeGrantInput.entries, ...onObject }),
  async (ctx, { objectId, ...input }) => {
    await domain.revokeGrant(ctx, input);
    await refreshed(objectId);
  },
);
