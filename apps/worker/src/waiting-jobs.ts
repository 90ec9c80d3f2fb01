import type { Sql } from '@engawa/db';

export interface WaitingJobs {
  job: string;
  count: number;
}

/** How many jobs of each kind are due and not begun. Fails before the first worker has ever run. */
export async function waitingJobs(sql: Sql): Promise<WaitingJobs[]> {
  return sql<WaitingJobs[]>`
    select name as job, count(*)::int as count from pgboss.job
    where state in ('created', 'retry') and start_after <= now() and name not like '\\_\\_%'
    group by name order by name`;
}
