import { formatDate } from '@engawa/i18n';
import type { AffiliationRow } from '@engawa/schema';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';

/** 兵庫県 情報政策課 */
export function placeOf(row: Pick<AffiliationRow, 'organisation' | 'group'>): string {
  return [row.organisation.name, row.group?.name].filter(Boolean).join(getLocale() === 'ja' ? '　' : ', ');
}

/** From which day until which. */
export function period(row: Pick<AffiliationRow, 'from' | 'until'>): string {
  const from = formatDate(row.from, getLocale());
  return row.until
    ? m.account_period({ from, until: formatDate(row.until, getLocale()) })
    : m.account_period_open({ from });
}
