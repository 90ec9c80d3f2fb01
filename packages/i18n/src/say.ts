import en from '../messages/en.json' with { type: 'json' };
import ja from '../messages/ja.json' with { type: 'json' };
import type { Locale } from './locales.ts';

/** The name of a message; `messages/ja.json` is the list. */
export type MessageKey = Exclude<keyof typeof ja, '$schema'>;

const MESSAGES: Record<Locale, Record<string, string>> = { ja, en };

export function isMessageKey(key: string): key is MessageKey {
  return key in ja;
}

/**
 * A message where Paraglide's compiled modules are not at hand: mails, the command line, error texts looked up by code.
 * Browser code imports the compiled messages instead, so that it carries only those it uses.
 *
 * @param params values for the `{placeholders}` of the message
 */
export function say(locale: Locale, key: MessageKey, params: Record<string, string | number> = {}): string {
  const text = MESSAGES[locale][key] ?? MESSAGES.ja[key] ?? key;
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
