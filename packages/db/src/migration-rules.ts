import { OUTSIDE } from './migrate.ts';

/** One migration as it lies in the folder. */
export interface MigrationText {
  name: string;
  text: string;
}

/** Those written before there was an installation that could be serving meanwhile. */
const BEFORE_THE_RULE = '0013_old_links.sql';

interface Rule {
  /** What is looked for in one statement, in small letters and single spaces. */
  breaks: RegExp;
  /** The note that lets it pass: a line in the migration that says why it is safe. */
  unless?: 'contract' | 'small';
  /** Only where the table was there before this migration. */
  existing?: true;
  why: string;
}

const RULES: Rule[] = [
  {
    breaks: /\b(drop (table|column|view|type|function|schema)|rename (to|column|constraint)|set schema)\b/,
    unless: 'contract',
    why: 'the version that still serves may use it: first release a version that does not, then drop it with a line “-- contract: since which version nobody uses it”',
  },
  {
    breaks: /\balter( column)? \w+ (set data )?type\b/,
    unless: 'contract',
    why: 'changing a type rewrites the table and breaks who reads the old one: add a column, fill it by a job, then contract',
  },
  {
    breaks: /\badd( column)?( if not exists)? (?!constraint\b)\w+ (?!.*\bdefault\b)[^,;]*\bnot null\b/,
    why: 'the version that still serves inserts rows without it: give it a default, or let it be null',
  },
  {
    breaks: /\badd( column)? [^,;]*\bdefault (gen_random_uuid|random|clock_timestamp|nextval|uuidv7)\b/,
    why: 'a default that differs from row to row rewrites the whole table under a lock: add it without, then set the default',
  },
  {
    breaks: /\bset not null\b/,
    unless: 'contract',
    why: 'it reads the whole table under a lock, and the version that still serves may write nulls: check (… is not null) not valid, then validate',
  },
  {
    breaks: /\badd (constraint \w+ )?(check|foreign key|unique|primary key|exclude)\b(?!.*\bnot valid\b)/,
    existing: true,
    unless: 'small',
    why: 'it reads the whole table under a lock: add it “not valid” and validate it in the next migration; a unique one by an index made concurrently',
  },
  {
    breaks: /\bcreate (unique )?index (?!concurrently\b)/,
    existing: true,
    unless: 'small',
    why: `nobody could write meanwhile: “create index concurrently if not exists <name> on …”, alone in a file that begins with “${OUTSIDE}”`,
  },
  {
    breaks: /^(update|delete from)\b/,
    existing: true,
    unless: 'small',
    why: 'rows stay locked until the migration ends: fill in pieces, by a job, and read both until it is done',
  },
  {
    breaks: /^(truncate|lock|cluster|vacuum|reindex(?!.*concurrently)|refresh materialized view)\b/,
    why: 'everybody waits for it',
  },
  { breaks: /^(begin|commit|rollback|start transaction)\b/, why: 'the migrator opens the transaction' },
];

/** What in these migrations would break or stall a version that serves meanwhile; empty when nothing would. */
export function migrationFaults(migrations: MigrationText[]): string[] {
  const tables = new Set<string>();
  const numbers = new Map<string, string>();
  return migrations.flatMap((migration) => {
    const { name } = migration;
    const statements = statementsOf(migration.text);
    const own = new Set(statements.flatMap((statement) => madeBy(statement) ?? []));
    const faults = name > BEFORE_THE_RULE ? faultsOf(migration, statements, tables) : [];
    for (const table of own) tables.add(table);
    const number = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1];
    if (!number) faults.push('is not named like 0042_what_it_is_for.sql');
    else if (numbers.has(number)) faults.push(`has the number of ${numbers.get(number)}`);
    else numbers.set(number, name);
    return faults.map((fault) => `${name}: ${fault}`);
  });
}

function faultsOf({ text }: MigrationText, statements: string[], before: Set<string>): string[] {
  const note = (kind: 'contract' | 'small') => new RegExp(`^-- ${kind}: \\S.{9,}`, 'm').test(text);
  const faults = statements.flatMap((statement) =>
    RULES.filter(
      ({ breaks, unless, existing }) =>
        breaks.test(statement) &&
        !(unless && note(unless)) &&
        !(existing && !before.has(tableOf(statement) ?? '')),
    ).map(({ why }) => `“${statement.slice(0, 60)}” — ${why}`),
  );
  const apart = statements.some((statement) => /\bconcurrently\b/.test(statement));
  const begins = text.startsWith(`${OUTSIDE}\n`);
  if (
    apart &&
    !(begins && statements.length === 1 && /concurrently if (not )?exists \w+/.test(statements[0]!))
  )
    faults.push(
      `what is done concurrently stands alone in its file, after “${OUTSIDE}”, by name and with “if not exists”: it may be cut off and begun again`,
    );
  if (begins && !apart) faults.push('nothing in it needs to stand outside a transaction');
  return faults;
}

/** Statements in small letters and single spaces, without comments and the bodies of functions. */
function statementsOf(text: string): string[] {
  return text
    .replaceAll(/--.*$/gm, '')
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .split(';')
    .map((statement) => statement.replaceAll(/\s+/g, ' ').trim().toLowerCase())
    .filter((statement) => statement !== '');
}

const madeBy = (statement: string): string | undefined =>
  /^create (?:unlogged )?table (?:if not exists )?(\w+)/.exec(statement)?.[1];

const tableOf = (statement: string): string | undefined =>
  /^(?:alter table (?:if exists )?(?:only )?|update |delete from )(\w+)/.exec(statement)?.[1] ??
  /^create (?:unique )?index .*?\bon (?:only )?(\w+)/.exec(statement)?.[1];
