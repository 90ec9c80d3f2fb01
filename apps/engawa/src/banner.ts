import { createCtx, createSetupToken, setupState, type Services } from '@engawa/domain';
import { renderUnicodeCompact } from 'uqr';
import type { Config } from './config.ts';

/** What the program says to the person who started it. */
export async function banner(config: Config, services: Services, seconds: string): Promise<string> {
  const lines = ['', `  縁側 Engawa is ready (${seconds} s):  ${config.origin}`, ''];
  const link = await setupLink(services);
  if (link) lines.push('  Nobody has set it up yet. Open this link once, within 7 days:', `  ${link}`, '');
  if (config.lan) lines.push(renderUnicodeCompact(config.origin).replace(/^/gm, '  '), '');
  if (config.lan && config.origin.startsWith('http:')) {
    lines.push(
      '  ⚠ This is plain http: everybody in this network can read what is sent, passwords too.',
      '    Use it among people in one room; for real work set ORIGIN to an https address.',
      '',
    );
  }
  if (!config.smtpUrl)
    lines.push(`  Mails are kept as files in ${config.data}/mail; set SMTP_URL to send them.`);
  lines.push('  Ctrl-C stops everything.', '');
  return lines.join('\n');
}

/** The address at which the first organisation is made; null when there is one. */
async function setupLink(services: Services): Promise<string | null> {
  const ctx = createCtx({ kind: 'anonymous' }, services);
  if (!(await setupState(ctx)).needed) return null;
  return `${services.origin}/setup?token=${await createSetupToken(ctx)}`;
}
