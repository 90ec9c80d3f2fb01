import * as v from 'valibot';
import { Id } from './ids.ts';
import { Email, Kana, Name } from './texts.ts';

export const LOCALES = ['ja', 'en'] as const;
export const THEMES = ['system', 'light', 'dark'] as const;
export type Locale = (typeof LOCALES)[number];
export type Theme = (typeof THEMES)[number];

/** Shortest and longest password, in code points after NFKC. */
export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 200;

/** Passwords of ten and more characters that lists of stolen passwords begin with. */
const COMMON = new Set([
  '1234567890',
  '12345678910',
  '123456789012',
  '0123456789',
  '0987654321',
  '9876543210',
  '1q2w3e4r5t',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  'qwertyuiop',
  'qwerty12345',
  'qwerty123456',
  'password12',
  'password123',
  'password1234',
  'password12345',
  'passw0rd123',
  'administrator',
  'welcome123',
  'letmein123',
  'iloveyou123',
  'sakura1234',
  'abcdefghij',
  'abcd123456',
  'abc1234567',
  'engawa1234',
]);

/**
 * A new password: NFKC, so that full-width letters typed by accident are the plain ones; never trimmed or cut.
 * Codes: `password.too_short`, `.too_long`, `.common`.
 */
export const NewPassword = v.pipe(
  v.string('password.too_short'),
  v.check((text) => text.length <= PASSWORD_MAX * 4, 'password.too_long'),
  v.check((text) => text.isWellFormed(), 'password.broken'),
  v.transform((text) => text.normalize('NFKC')),
  v.check((text) => [...text].length >= PASSWORD_MIN, 'password.too_short'),
  v.check((text) => [...text].length <= PASSWORD_MAX, 'password.too_long'),
  v.check((text) => new Set(text).size >= 5 && !COMMON.has(text.toLowerCase()), 'password.common'),
);

/** A password as typed at sign-in: only its length is bounded, so that every wrong one is answered alike. */
export const TypedPassword = v.pipe(
  v.string('password.empty'),
  v.nonEmpty('password.empty'),
  v.check((text) => text.length <= PASSWORD_MAX * 4, 'password.too_long'),
  v.transform((text) => text.normalize('NFKC')),
);

/** A token out of a link. What cannot be one is answered like a wrong one. */
export const LinkToken = v.pipe(v.string('token.wrong'), v.maxLength(512, 'token.wrong'));

export const SetUpInput = v.object({
  token: LinkToken,
  organisation: Name,
  organisationKana: Kana,
  name: Name,
  kana: Kana,
  email: Email,
  password: NewPassword,
});
export const SignInInput = v.object({ email: Email, password: TypedPassword });
export const UpdateProfileInput = v.object({
  name: Name,
  kana: Kana,
  locale: v.picklist(LOCALES),
  theme: v.picklist(THEMES),
});
export const ChangePasswordInput = v.object({ current: TypedPassword, next: NewPassword });
export const RequestPasswordResetInput = v.object({ email: Email });
export const ResetPasswordInput = v.object({ token: LinkToken, password: NewPassword });
export const RevokeSessionInput = v.object({ id: Id });

export type SetUpInput = v.InferInput<typeof SetUpInput>;
export type SignInInput = v.InferInput<typeof SignInInput>;
export type UpdateProfileInput = v.InferInput<typeof UpdateProfileInput>;
export type ChangePasswordInput = v.InferInput<typeof ChangePasswordInput>;
export type RequestPasswordResetInput = v.InferInput<typeof RequestPasswordResetInput>;
export type ResetPasswordInput = v.InferInput<typeof ResetPasswordInput>;
export type RevokeSessionInput = v.InferInput<typeof RevokeSessionInput>;

/** Where a request comes from, for rate limits and the list of sessions. */
export interface Client {
  ip: string;
  userAgent: string;
}

/** For jobs and the command line, where there is no request. */
export const UNKNOWN_CLIENT: Client = { ip: '', userAgent: '' };

/** A new sign-in session. `token` goes into the cookie and nowhere else; only its SHA-256 is stored. */
export interface SignedIn {
  token: string;
  sessionId: string;
  personId: string;
  expiresAt: Date;
}

export interface SessionRow {
  id: string;
  userAgent: string;
  createdAt: Date;
  seenAt: Date;
  expiresAt: Date;
  current: boolean;
}

/** Somebody, as others see them beside what they did. */
export interface PersonRef {
  id: string;
  name: string;
  kana: string;
}

export interface OrganisationRef {
  id: string;
  name: string;
}

/** One post in one organisation; several at once are 兼務. */
export interface AffiliationRow {
  id: string;
  organisation: OrganisationRef;
  group: { id: string; name: string } | null;
  post: string;
  from: Date;
  until: Date | null;
}

export interface Me extends PersonRef {
  email: string;
  /** The organisation shown at the name: of the oldest live affiliation. */
  organisation: OrganisationRef | null;
  post: string;
  affiliations: AffiliationRow[];
  administrates: OrganisationRef[];
  /** Host organisations in which this person may create spaces. */
  hosts: OrganisationRef[];
  locale: Locale;
  theme: Theme;
}
