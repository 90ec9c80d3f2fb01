import { formatDate } from '@engawa/i18n';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';

/** An end date means the end of that day in Japan. */
export function endOfDay(day: string): Date {
  return new Date(`${day}T23:59:59+09:00`);
}

export function untilText(until: Date | null): string {
  return until ? m.guest_until({ date: formatDate(until, getLocale()) }) : m.until_open();
}
