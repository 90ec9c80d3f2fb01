import type { Locale } from '@engawa/schema';
import type { Services } from '../ctx.ts';
import { resetUrl } from './resets.ts';
import { liveReset } from './resets.sql.ts';

export interface ResetMail {
  to: { name: string; address: string };
  locale: Locale;
  url: string;
  expiresAt: Date;
}

/**
 * What a reset mail says, asked when it is sent and not when it was asked for. Null when the link was used or
 * replaced meanwhile, or the person was suspended. For the worker.
 */
export async function resetMail(services: Services, resetId: string): Promise<ResetMail | null> {
  const reset = await liveReset(services.sql, resetId);
  if (!reset) return null;
  const { address, name, locale, expiresAt } = reset;
  return { to: { name, address }, locale, url: resetUrl(services, resetId), expiresAt };
}
