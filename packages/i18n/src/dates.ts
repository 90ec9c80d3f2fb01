import { TIME_ZONE, type Locale } from './locales.ts';

type Moment = Date | string | number;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function parts(at: Moment, options: Intl.DateTimeFormatOptions, tag: string): Record<string, string> {
  const format = new Intl.DateTimeFormat(tag, { timeZone: TIME_ZONE, ...options });
  return Object.fromEntries(format.formatToParts(new Date(at)).map((p) => [p.type, p.value]));
}

/** Year, month and day in Japan, whatever the machine's own zone. */
function civil(at: Moment): { year: number; month: number; day: number } {
  const p = parts(at, { year: 'numeric', month: 'numeric', day: 'numeric' }, 'en');
  return { year: Number(p.year), month: Number(p.month), day: Number(p.day) };
}

/** 2026年11月20日（金） · Fri, 20 November 2026 */
export function formatDate(at: Moment, locale: Locale): string {
  if (locale === 'ja') {
    const { year, month, day } = civil(at);
    const { weekday } = parts(at, { weekday: 'short' }, 'ja');
    return `${year}年${month}月${day}日（${weekday}）`;
  }
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: TIME_ZONE,
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(new Date(at));
}

/** 14:05 */
export function formatTime(at: Moment): string {
  const p = parts(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, 'en-GB');
  return `${p.hour}:${p.minute}`;
}

/** 2026年11月20日（金）14:05 · Fri, 20 November 2026, 14:05 */
export function formatDateTime(at: Moment, locale: Locale): string {
  return `${formatDate(at, locale)}${locale === 'ja' ? '' : ', '}${formatTime(at)}`;
}

/** 11月20日, with the year only when it is another one. */
export function formatDay(at: Moment, locale: Locale, now: Moment = Date.now()): string {
  const there = civil(at);
  const sameYear = there.year === civil(now).year;
  if (locale === 'ja') return `${sameYear ? '' : `${there.year}年`}${there.month}月${there.day}日`;
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: TIME_ZONE,
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(new Date(at));
}

/** 令和8年11月20日, the form official documents ask for. The first year of an era is 元年. */
export function formatEraDate(at: Moment): string {
  const { month, day } = civil(at);
  return `${formatEraYear(at)}${month}月${day}日`;
}

/** 令和8年 */
export function formatEraYear(at: Moment): string {
  const p = parts(at, { era: 'long', year: 'numeric' }, 'ja-JP-u-ca-japanese');
  const year = p.year === '1' ? '元' : p.year;
  return `${p.era}${year}年`;
}

/** The year that begins on 1 April: February 2027 belongs to 2026. */
export function fiscalYear(at: Moment): number {
  const { year, month } = civil(at);
  return month < 4 ? year - 1 : year;
}

/** 令和8年度 · fiscal 2026 */
export function formatFiscalYear(at: Moment, locale: Locale): string {
  const year = fiscalYear(at);
  if (locale === 'en') return `fiscal ${year}`;
  // April is in the new year and, for every era so far, tells the era the 年度 is called by.
  return `${formatEraYear(`${year}-05-02T00:00:00+09:00`)}度`;
}

/** たった今, 3分前, 2時間前, 昨日, 3日前; beyond a week the day itself. */
export function formatAgo(at: Moment, locale: Locale, now: Moment = Date.now()): string {
  const passed = Number(new Date(now)) - Number(new Date(at));
  if (passed < MINUTE) return locale === 'ja' ? 'たった今' : 'just now';
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const tidy = (text: string): string => (locale === 'ja' ? text.replaceAll(' ', '') : text);
  if (passed < HOUR) return tidy(relative.format(-Math.floor(passed / MINUTE), 'minute'));
  const days = daysBetween(at, now);
  if (days === 0) return tidy(relative.format(-Math.floor(passed / HOUR), 'hour'));
  return days < 7 ? tidy(relative.format(-days, 'day')) : formatDay(at, locale, now);
}

/** Midnights in Japan between two moments: yesterday evening is one day ago at nine in the morning. */
export function daysBetween(from: Moment, to: Moment): number {
  const day = (at: Moment): number => {
    const { year, month, day } = civil(at);
    return Date.UTC(year, month - 1, day) / DAY;
  };
  return Math.round(day(to) - day(from));
}

/** `2026-11-20` in Japan, as a date field wants it. */
export function isoDay(at: Moment): string {
  const { year, month, day } = civil(at);
  return [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
}
