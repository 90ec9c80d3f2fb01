import type { Db } from '@engawa/db';
import { firstMomentOf, lastMomentOf } from './days.sql.ts';

/**
 * The end of a day in the organisation's zone, 23:59:59: what an end date means. The day comes as a form sends it
 * (`2026-11-20`), as any moment of it, or as a number of days from today.
 */
export function endOfDay(sql: Db, organisationId: string, day: string | Date | number): Promise<Date> {
  return lastMomentOf(sql, organisationId, day);
}

/** The beginning of a day in the organisation's zone. */
export function startOfDay(sql: Db, organisationId: string, day: string | Date): Promise<Date> {
  return firstMomentOf(sql, organisationId, day);
}
