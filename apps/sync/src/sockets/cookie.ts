import { sessionCookieName } from '@engawa/schema';

/** The session token in a Cookie header, or null. */
export function sessionToken(header: string | undefined, origin: string): string | null {
  const name = sessionCookieName(origin);
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}
