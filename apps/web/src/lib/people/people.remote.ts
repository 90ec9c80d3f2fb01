import { getRequestEvent } from '$app/server';
import { redirect } from '@sveltejs/kit';
import * as people from '@engawa/domain';
import type { SignedIn } from '@engawa/schema';
import * as v from 'valibot';
import { clientNow, safePath } from '#lib/server/client.ts';
import { forgetSession, keepSession } from '#lib/server/caller.ts';
import { publicRead, publicWrite, read, signedIn, write } from '#lib/server/endpoint.ts';
import { keepLocaleAndTheme } from '#lib/server/locale.ts';
import { AppearanceForm, NewPasswordForm, ProfileForm, ResetForm, SetUpForm, SignInForm } from './forms.ts';

const Nothing = v.optional(v.undefined());

/** Whether the instance waits for its first organisation. */
export const setupState = publicRead(Nothing, (ctx) => people.setupState(ctx));

export const setUp = publicWrite(SetUpForm, async (ctx, { _token, _password, ...given }) => {
  await welcome(await people.setUp(ctx, { ...given, token: _token, password: _password }, clientNow()));
  redirect(303, '/');
});

export const signIn = publicWrite(SignInForm, async (ctx, { email, _password, next }) => {
  await welcome(await people.signIn(ctx, { email, password: _password }, clientNow()));
  redirect(303, safePath(next));
});

export const signOut = publicWrite(v.object({}), async (ctx) => {
  await people.signOut(ctx);
  forgetSession(getRequestEvent().cookies);
  redirect(303, '/login');
});

/** Answers the same whether the address is known or not. */
export const requestReset = publicWrite(ResetForm, async (ctx, { email }) => {
  await people.requestPasswordReset(ctx, { email });
  return { asked: email };
});

export const resetPassword = publicWrite(NewPasswordForm, async (ctx, { _token, _password }) => {
  await welcome(await people.resetPassword(ctx, { token: _token, password: _password }, clientNow()));
  redirect(303, '/');
});

/** Language and appearance before anybody signs in: this browser remembers. */
export const chooseAppearance = publicWrite(AppearanceForm, async (_ctx, chosen) => {
  keepLocaleAndTheme(getRequestEvent().cookies, chosen);
});

export const me = read(Nothing, (ctx) => people.me(ctx));

export const updateProfile = write(ProfileForm, async (ctx, given) => {
  const { locale, theme } = await people.updateProfile(ctx, given);
  keepLocaleAndTheme(getRequestEvent().cookies, { locale, theme });
  return { saved: true };
});

export const sessions = read(Nothing, (ctx) => people.sessions(ctx));

export const signOutEverywhere = write(v.object({}), async () => {
  await people.signOutEverywhere(signedIn());
  forgetSession(getRequestEvent().cookies);
  redirect(303, '/login');
});

/** Signs this browser in, in the language and appearance its person chose. */
async function welcome(session: SignedIn): Promise<void> {
  const event = getRequestEvent();
  keepSession(event.cookies, session);
  event.locals.caller = { kind: 'session', personId: session.personId, sessionId: session.sessionId };
  keepLocaleAndTheme(event.cookies, await people.me(signedIn()));
}
