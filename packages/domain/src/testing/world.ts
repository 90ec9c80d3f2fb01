import { randomBytes } from 'node:crypto';
import { ROLES } from '@engawa/access';
import type { Sql } from '@engawa/db';
import { testDatabase, type TestDatabase } from '@engawa/db/testing';
import { newId, type ItemKind, type Role } from '@engawa/schema';
import type { Storage } from '@engawa/storage';
import { createCtx, type Ctx, type Services } from '../ctx.ts';

export interface TestPerson {
  id: string;
  email: string;
  ctx: Ctx;
}

/**
 * A small real world in a database of its own: a host prefecture with an administrator and an officer, a town
 * with a clerk who is a guest, a stranger from nowhere, and one space that the officer manages.
 */
export interface World {
  services: Services;
  sql: Sql;
  databaseUrl: string;
  prefecture: string;
  town: string;
  administrator: TestPerson;
  officer: TestPerson;
  clerk: TestPerson;
  stranger: TestPerson;
  space: string;
  /** Makes an item without asking anyone; parents are given or the root of the space. */
  item(options?: {
    parent?: string | null;
    kind?: ItemKind;
    title?: string;
    by?: string;
    space?: string;
  }): Promise<string>;
  /** Gives a role without asking anyone. */
  give(personId: string, objectId: string, role: Role, expiresAt?: Date | null): Promise<string>;
}

export async function buildWorld(): Promise<World> {
  return buildWorldOn(await testDatabase());
}

/** The same in a migrated database that somebody else brings, and ends. */
export async function buildWorldOn({ sql, url }: TestDatabase): Promise<World> {
  const services = servicesOn(sql);
  const prefecture = await organisation(sql, '栃木県', true);
  const town = await organisation(sql, '益子町', false);
  const administrator = await createTestPerson(services, { name: '管理 花子', organisation: prefecture });
  const officer = await createTestPerson(services, { name: '県庁 太郎', organisation: prefecture });
  const clerk = await createTestPerson(services, { name: '町野 さくら', organisation: town });
  const stranger = await createTestPerson(services, { name: '余所 一郎', organisation: null });
  const space = newId();
  await sql`insert into spaces (id, organisation_id, name, purpose, created_by)
    values (${space}, ${prefecture}, 'データ共有円滑化', '', ${officer.id})`;

  const spaceOf = async (objectId: string): Promise<string | null> => {
    const [row] = await sql<{ id: string }[]>`
      select space_id as id from items where id = ${objectId} union select id from spaces where id = ${objectId}`;
    return row?.id ?? null;
  };
  const world: World = {
    services,
    sql,
    databaseUrl: url,
    prefecture,
    town,
    administrator,
    officer,
    clerk,
    stranger,
    space,
    async item({ parent = null, kind = 'doc', title = '無題', by = officer.id, space: into = space } = {}) {
      const id = newId();
      await sql`
        insert into items (id, space_id, parent_id, kind, title, sort_key, access_path, created_by, updated_by)
        select ${id}, ${into}, ${parent}, ${kind}, ${title}, ${`a${id}`},
          ${id}::uuid || coalesce((select access_path from items where id = ${parent}),
            (select array[s.id, s.organisation_id] from spaces s where s.id = ${into})), ${by}, ${by}`;
      return id;
    },
    async give(personId, objectId, role, expiresAt = null) {
      const id = newId();
      await sql`
        insert into grants (id, principal_kind, principal_id, object_id, space_id, mask, expires_at, granted_by)
        values (${id}, 'person', ${personId}, ${objectId}, ${await spaceOf(objectId)}, ${ROLES[role]}, ${expiresAt}, ${personId})`;
      return id;
    },
  };
  await world.give(administrator.id, prefecture, 'manager');
  await world.give(officer.id, space, 'manager');
  return world;
}

/** Services on a database in which nobody lives yet. */
export async function buildFreshServices(): Promise<Services> {
  return servicesOn((await testDatabase()).sql);
}

function servicesOn(sql: Sql): Services {
  return {
    sql,
    storage: unusedStorage(),
    key: randomBytes(32),
    origin: 'http://localhost:3000',
    mailbox: null,
  };
}

async function organisation(sql: Sql, name: string, host: boolean): Promise<string> {
  const id = newId();
  await sql`insert into organisations (id, name, host) values (${id}, ${name}, ${host})`;
  return id;
}

/** A person with a session and, when an organisation is given, an affiliation that has begun. */
export async function createTestPerson(
  services: Services,
  { name, organisation, email }: { name: string; organisation: string | null; email?: string },
): Promise<TestPerson> {
  const { sql } = services;
  const id = newId();
  const sessionId = newId();
  const mail = email ?? `${id}@example.jp`;
  await sql`insert into people (id, email, name) values (${id}, ${mail}, ${name})`;
  if (organisation) {
    await sql`insert into affiliations (id, person_id, organisation_id, starts_at)
      values (${newId()}, ${id}, ${organisation}, now() - interval '1 day')`;
  }
  await sql`insert into sessions (id, token_hash, person_id, expires_at, ends_at)
    values (${sessionId}, ${randomBytes(32)}, ${id}, now() + interval '1 day', now() + interval '30 days')`;
  return { id, email: mail, ctx: createCtx({ kind: 'session', personId: id, sessionId }, services) };
}

/** Worlds hold no files: whoever needs a store opens the real folder adapter. */
function unusedStorage(): Storage {
  return new Proxy({} as Storage, {
    get(_, name) {
      throw new Error(`This world has no file store (${String(name)}). Open a folder store in the test.`);
    },
  });
}
