import type { Sql } from '@engawa/db';
import { expect, test } from 'vitest';
import { buildWorld } from '../testing/index.ts';
import { standingFacts } from './grants.sql.ts';

const { officer, space, sql } = await buildWorld();

/** A pool that runs what it is asked to explain, and keeps the plans. */
function explaining(plans: unknown[]): Sql {
  return new Proxy(sql, {
    async apply(target, self, [parts, ...values]: [TemplateStringsArray, ...unknown[]]) {
      const text = [`explain (analyze, buffers, format json) ${parts[0]}`, ...parts.slice(1)];
      const [row] = await Reflect.apply(target, self, [Object.assign(text, { raw: text }), ...values]);
      plans.push(row['QUERY PLAN'][0]);
      return [];
    },
  });
}

test('among many grants of others, those of a person are found by an index', async () => {
  await sql.begin(async (tx) => {
    // Grants of people who are none: only how many there are matters.
    await tx`set local session_replication_role = replica`;
    await tx`
      insert into grants (id, principal_kind, principal_id, object_id, space_id, mask, granted_by)
      select gen_random_uuid(), 'person', gen_random_uuid(), gen_random_uuid(), ${space}, 3, ${officer.id}
      from generate_series(1, 50000)`;
  });
  await sql`analyze grants`;
  const plans: unknown[] = [];
  await standingFacts(explaining(plans), [officer.id]);
  const [{ Plan: plan }] = plans as [{ Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }];
  // All of the table or of an index are several hundred.
  expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(60);
});
