import {
  ChangePasswordInput,
  LOCALES,
  RequestPasswordResetInput,
  ResetPasswordInput,
  SetUpInput,
  SignInInput,
  THEMES,
  UpdateProfileInput,
} from '@engawa/schema';
import * as v from 'valibot';

// The domain's own inputs as forms send them. A name that begins with `_` is never sent back into the page (SvelteKit).
const { token, password, ...organisationAndPerson } = SetUpInput.entries;

export const SetUpForm = v.object({ ...organisationAndPerson, _token: token, _password: password });
export const SignInForm = v.object({
  email: SignInInput.entries.email,
  _password: SignInInput.entries.password,
  next: v.optional(v.string()),
});
export const ResetForm = RequestPasswordResetInput;
export const NewPasswordForm = v.object({
  _token: ResetPasswordInput.entries.token,
  _password: ResetPasswordInput.entries.password,
});
export const AppearanceForm = v.object({
  locale: v.optional(v.picklist(LOCALES)),
  theme: v.optional(v.picklist(THEMES)),
});
export const ProfileForm = UpdateProfileInput;
export const ChangePasswordForm = v.object({
  _current: ChangePasswordInput.entries.current,
  _next: ChangePasswordInput.entries.next,
});
