import { getRequestEvent } from '$app/server';
import { redirect } from '@sveltejs/kit';
import * as domain from '@engawa/domain';
import {
  AcceptInvitationInput,
  CorrectInvitationInput,
  Id,
  InvitationIdInput,
  InviteInput,
  OpenInvitationInput,
} from '@engawa/schema';
import * as v from 'valibot';
import { keepSession } from '#lib/server/caller.ts';
import { clientNow } from '#lib/server/client.ts';
import { act, publicRead, publicWrite, read } from '#lib/server/endpoint.ts';

export const invitations = read(Id, (ctx, objectId) => domain.invitations(ctx, objectId));

export const invite = act(InviteInput, async (ctx, input) => {
  await domain.invite(ctx, input);
  await invitations(input.objectId).refresh();
});

const onObject = { objectId: Id };

export const resendInvitation = act(
  v.object({ ...InvitationIdInput.entries, ...onObject }),
  async (ctx, { objectId, ...input }) => {
    await domain.resendInvitation(ctx, input);
    await invitations(objectId).refresh();
  },
);

export const correctInvitation = act(
  v.object({ ...CorrectInvitationInput.entries, ...onObject }),
  async (ctx, { objectId, ...input }) => {
    await domain.correctInvitation(ctx, input);
    await invitations(objectId).refresh();
  },
);

export const withdrawInvitation = act(
  v.object({ ...InvitationIdInput.entries, ...onObject }),
  async (ctx, { objectId, ...input }) => {
    await domain.withdrawInvitation(ctx, input);
    await invitations(objectId).refresh();
  },
);

/** What somebody with the link sees before they accept. */
export const openInvitation = publicRead(OpenInvitationInput, (ctx, input) =>
  domain.openInvitation(ctx, input),
);

const { token, password, ...person } = AcceptInvitationInput.entries;

export const acceptInvitation = publicWrite(
  v.object({ ...person, _token: token, _password: password }),
  async (ctx, { _token, _password, ...given }) => {
    const accepted = await domain.acceptInvitation(
      ctx,
      { ...given, token: _token, password: _password },
      clientNow(),
    );
    if (accepted.session) keepSession(getRequestEvent().cookies, accepted.session);
    redirect(303, accepted.path);
  },
);
