import type { Db } from '@engawa/db';
import type { Found } from '@engawa/schema';
import { type Reach, visibleTo } from '../grants/index.ts';

/** How many are looked through further; nobody reads more. */
const LIMIT = 24;

/** Folded words of what was typed, as the names are folded. */
const words = (sql: Db, text: string) => sql`regexp_split_to_array(trim(fold_name(${text}::text)), '\\s+')`;

/** True when every word stands in the folded name. */
const holds = (sql: Db, folded: ReturnType<Db>) =>
  sql`not exists (select from unnest(typed.words) word where strpos(${folded}, word) = 0)`;

/**
 * Items within reach whose title holds every word. The index answers which titles hold all its characters and pairs;
 * the words themselves are looked for in those alone.
 */
export async function itemsNamed(sql: Db, text: string, reach: Reach): Promise<Found[]> {
  const title = sql`fold_name(i.title)`;
  return sql<Found[]>`
    with typed as (select ${words(sql, text)} as words)
    select i.id, i.kind, i.title as name, i.space_id as "spaceId", s.name as "where"
    from typed, items i join spaces s on s.id = i.space_id
    where ${visibleTo(sql, reach)}
      and name_grams(${title}) @> (
        select coalesce(array_agg(gram), '{}') from unnest((select words from typed)) word, unnest(name_grams(word)) gram)
      and ${holds(sql, sql`fold_name(i.title)`)}
    order by strpos(${title}, typed.words[1]) <> 1, char_length(i.title), i.updated_at desc, i.id
    limit ${LIMIT}`;
}

/** Spaces within reach, by their own name or that of their host, whose ふりがな counts too. */
export async function spacesNamed(sql: Db, text: string, reach: Reach): Promise<Found[]> {
  const name = sql`fold_name(s.name)`;
  return sql<Found[]>`
    with typed as (select ${words(sql, text)} as words)
    select s.id, 'space' as kind, s.name, s.id as "spaceId", o.name as "where"
    from typed, spaces s join organisations o on o.id = s.organisation_id
    where s.id = any(${reach.spaceIds}::uuid[])
      and ${holds(sql, sql`fold_name(s.name || ' ' || o.name || ' ' || o.kana)`)}
    order by strpos(${name}, typed.words[1]) <> 1, strpos(${name}, typed.words[1]) = 0, s.archived_at is not null,
      char_length(s.name), s.id
    limit ${LIMIT}`;
}
