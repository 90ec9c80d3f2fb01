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

export const invite = act(InviteInput, domain.invite, [invitations]);

export const resendInvitation = act(InvitationIdInput, domain.resendInvitation, [invitations]);

export const correctInvitation = act(CorrectInvitationInput, domain.correctInvitation, [invitations]);

export const withdrawInvitation = act(InvitationIdInput, domain.withdrawInvitation, [invitations]);

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
