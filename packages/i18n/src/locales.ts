/** The languages of the product. Japanese is written first and is what one sees when nothing else is known. */
export type Locale = 'ja' | 'en';

export const LOCALES: readonly Locale[] = ['ja', 'en'];
export const BASE_LOCALE: Locale = 'ja';

/** Where people here are: every date is shown, and every end date means the end of that day, in this zone. */
export const TIME_ZONE = 'Asia/Tokyo';

export function isLocale(value: unknown): value is Locale {
  return LOCALES.includes(value as Locale);
}

/** The first language of an `Accept-Language` header that we speak, else Japanese. */
export function localeFromHeader(header: string | null): Locale {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => part.trim().split(';q='))
    .map(([tag, q]) => ({ tag: (tag ?? '').slice(0, 2).toLowerCase(), q: Number(q ?? 1) }))
    .sort((a, b) => b.q - a.q);
  return wanted.map(({ tag }) => tag).find(isLocale) ?? BASE_LOCALE;
}
