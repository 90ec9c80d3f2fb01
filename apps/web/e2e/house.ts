import { createHash, randomBytes } from 'node:crypto';
import { type Browser, type BrowserContext, type Page } from '@playwright/test';
import { openDatabase, type Sql } from '@engawa/db';
import {
  createCtx,
  createDocFromMarkdown,
  createItem,
  createSpace,
  grant,
  type Ctx,
  type Services,
} from '@engawa/domain';
import { newId, type Role } from '@engawa/schema';
import { instance } from './instance.ts';

/** The first administrator, as `first-run.e2e.ts` sets the instance up. */
export const ADMINISTRATOR = {
  organisation: '栃木県',
  name: '管理 花子',
  kana: 'かんり はなこ',
  email: 'hanako@pref.example.jp',
  password: '縁側に腰かけてお茶を飲む',
};

export interface Person {
  id: string;
  name: string;
  email: string;
  /** The value of the session cookie. */
  token: string;
  ctx: Ctx;
}

/**
 * The house behind the browser, reached by the product's own verbs on the program's own database: it makes the
 * people and places that a test is not about, so that each test begins where its story does.
 */
export interface House {
  sql: Sql;
  services: Services;
  person(name: string, options?: { organisation?: string; post?: string }): Promise<Person>;
  /** A new space with a manager of the host organisation. */
  space(name?: string): Promise<{ id: string; officer: Person }>;
  doc(
    by: Person,
    spaceId: string,
    title: string,
    markdown?: string,
    parentId?: string | null,
  ): Promise<string>;
  folder(by: Person, spaceId: string, title: string, parentId?: string | null): Promise<string>;
  give(by: Person, to: Person, objectId: string, role: Role, until?: Date): Promise<string>;
  close(): Promise<void>;
}

export async function openHouse(): Promise<House> {
  const { databaseUrl, key, origin } = instance();
  const sql = openDatabase(databaseUrl, { max: 4, name: 'e2e' });
  const services = { sql, key: Buffer.from(key, 'hex'), origin, mailbox: null } as unknown as Services;
  const house: House = {
    sql,
    services,
    async person(name, { organisation = ADMINISTRATOR.organisation, post = '' } = {}) {
      const id = newId();
      const email = `${id}@example.jp`;
      const token = randomBytes(32).toString('base64url');
      await sql`insert into people (id, email, name) values (${id}, ${email}, ${name})`;
      await sql`insert into affiliations (id, person_id, organisation_id, post, starts_at)
        values (${newId()}, ${id}, ${await organisationNamed(sql, organisation)}, ${post}, now() - interval '1 day')`;
      const sessionId = newId();
      await sql`insert into sessions (id, token_hash, person_id, expires_at, ends_at)
        values (${sessionId}, ${createHash('sha256').update(token).digest()}, ${id}, now() + interval '1 day', now() + interval '9 days')`;
      return {
        id,
        name,
        email,
        token,
        ctx: createCtx({ kind: 'session', personId: id, sessionId }, services),
      };
    },
    async space(name = 'データ共有円滑化') {
      const officer = await house.person('県庁 太郎', { post: '主任' });
      const space = await createSpace(officer.ctx, { name, purpose: '県と町が、同じ文書をその場で書く。' });
      return { id: space.id, officer };
    },
    async doc(by, spaceId, title, markdown = '', parentId = null) {
      return (await createDocFromMarkdown(by.ctx, { spaceId, parentId, title, markdown })).id;
    },
    async folder(by, spaceId, title, parentId = null) {
      return (await createItem(by.ctx, { spaceId, parentId, kind: 'folder', title })).id;
    },
    async give(by, to, objectId, role, until) {
      return (await grant(by.ctx, { objectId, principal: { kind: 'person', id: to.id }, role, until })).id;
    },
    close: () => sql.end({ timeout: 5 }),
  };
  return house;
}

async function organisationNamed(sql: Sql, name: string): Promise<string> {
  const [known] = await sql<{ id: string }[]>`select id from organisations where name = ${name}`;
  if (known) return known.id;
  const id = newId();
  await sql`insert into organisations (id, name) values (${id}, ${name})`;
  return id;
}

/** A browser of their own, signed in. */
export async function browserOf(browser: Browser, person: Person, options = {}): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  await context.addCookies([
    { name: 'engawa_session', value: person.token, url: instance().origin, httpOnly: true },
  ]);
  return context;
}

/** Two people in two browsers, each at the same page. */
export async function openTwo(
  browser: Browser,
  one: Person,
  two: Person,
  path: string,
): Promise<[Page, Page]> {
  const pages = await Promise.all(
    [one, two].map(async (person) => {
      const page = await (await browserOf(browser, person)).newPage();
      await page.goto(instance().origin + path);
      return page;
    }),
  );
  return pages as [Page, Page];
}
