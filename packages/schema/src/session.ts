/** `__Host-` binds the cookie to one https host; browsers refuse that prefix on plain http. */
export function sessionCookieName(origin: string): string {
  return origin.startsWith('https:') ? '__Host-engawa_session' : 'engawa_session';
}
