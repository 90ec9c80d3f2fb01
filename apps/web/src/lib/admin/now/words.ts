import { formatNumber } from '@engawa/i18n';
import type { Installation } from '@engawa/schema';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';

/** Milliseconds as people read them. */
export function duration(ms: number): string {
  if (ms < 1_000) {
    const count = ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms);
    return m.now_milliseconds({ count: formatNumber(count, getLocale()) });
  }
  return m.now_seconds({ count: formatNumber(Math.round(ms / 100) / 10, getLocale()) });
}

/** How many a second: whole when many, one decimal when few. */
export function rate(value: number): string {
  return formatNumber(value >= 10 ? Math.round(value) : Math.round(value * 10) / 10, getLocale());
}

const ROLES: Record<string, () => string> = {
  web: m.now_role_web,
  sync: m.now_role_sync,
  worker: m.now_role_worker,
};
export const roleName = (role: string): string => ROLES[role]?.() ?? role;

const REASONS: Record<string, () => string> = {
  behind: m.now_reason_behind,
  full: m.now_reason_full,
  malformed: m.now_reason_malformed,
  readOnly: m.now_reason_readOnly,
  refused: m.now_reason_refused,
  tooLarge: m.now_reason_tooLarge,
  tooMany: m.now_reason_tooMany,
};
export const reasonName = (reason: string): string => REASONS[reason]?.() ?? reason;

/** Seconds that an event may wait before somebody should look. */
const EVENT_PATIENCE = 60;

/** What is wrong, a sentence each; nothing before the first process has reported. */
export function wrongs({ nodes, store, worker, suspended }: Installation): string[] {
  if (nodes.length === 0) return [];
  const heard = nodes.filter(({ silent }) => !silent);
  const silent = nodes.length - heard.length;
  const late = worker.running && worker.eventsSince > EVENT_PATIENCE;
  return [
    suspended && m.now_wrong_suspended(),
    !heard.some(({ roles }) => roles.includes('sync')) && m.now_wrong_live(),
    store && !store.well && m.now_wrong_store(),
    !worker.running && m.now_wrong_worker(),
    late && m.now_wrong_events({ count: worker.events, age: duration(worker.eventsSince * 1_000) }),
    silent > 0 && m.now_wrong_silent({ count: silent }),
  ].filter((sentence) => sentence !== false && sentence !== null);
}
