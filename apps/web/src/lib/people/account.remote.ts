import * as people from '@engawa/domain';
import { Invalid, RevokeSessionInput } from '@engawa/schema';
import { write } from '#lib/server/endpoint.ts';
import { ChangePasswordForm } from './forms.ts';

/** A new password; every other session of the person ends. */
export const changePassword = write(ChangePasswordForm, async (ctx, { _current, _next }) => {
  try {
    await people.changePassword(ctx, { current: _current, next: _next });
  } catch (error) {
    // The form calls the field `_current`, so that a typed password is never written back into the page.
    if (!(error instanceof Invalid) || error.details.field !== 'current') throw error;
    throw new Invalid(error.code, error.message, { field: '_current' });
  }
  return { changed: true };
});

/** Signs one other device out. */
export const endSession = write(RevokeSessionInput, async (ctx, input) => {
  await people.revokeSession(ctx, input);
  return { ended: true };
});
