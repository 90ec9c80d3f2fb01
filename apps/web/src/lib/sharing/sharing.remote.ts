import * as domain from '@engawa/domain';
import { ChangeGrantInput, GrantInput, Id, RevokeGrantInput } from '@engawa/schema';
import { act, read } from '#lib/server/endpoint.ts';

/** Who holds what on the object, what comes from above included. */
export const grantsOn = read(Id, (ctx, objectId) => domain.grantsOn(ctx, objectId));

/** Who can see it now, for the one sentence. */
export const audience = read(Id, (ctx, objectId) => domain.audience(ctx, objectId));

const shown = [grantsOn, audience];

export const grant = act(GrantInput, domain.grant, shown);

export const changeGrant = act(ChangeGrantInput, domain.changeGrant, shown);

export const revokeGrant = act(RevokeGrantInput, domain.revokeGrant, shown);
