import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, startPostgres, type Sql } from '@engawa/db';
import {
  callerOf,
  createCtx,
  createItem,
  createSetupToken,
  createSpace,
  grant,
  me,
  setUp,
  type Ctx,
  type Services,
} from '@engawa/domain';
import { newId } from '@engawa/schema';
import { median } from './latencies.ts';

/** A real PostgreSQL with one database for us and one for Hocuspocus; people with documents. */
export interface World {
  engawaUrl: string;
  hocuspocusUrl: string;
  /** The token of a session of the first person, who administrates. */
  token: string;
  /** The tokens of sessions of different people who may write in the space. */
  tokens: string[];
  /** New documents or boards in the space. */
  items(count: number, kind: 'doc' | 'board'): Promise<string[]>;
  services: Services;
  hocuspocus: Sql;
  /** Milliseconds of CPU that the server and all its processes have used. */
  postgresCpu(): number;
  /** What one small insert takes until it is durable, with nobody else writing: the median of some. */
  commitMs(): Promise<number>;
  stop(): Promise<void>;
}

const PERSON = {
  name: '計測 太郎',
  kana: 'けいそく たろう',
  email: 'bench@example.jp',
  password: 'bench-no-kagi-1',
};
const PEOPLE = 50;

export async function buildBenchWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'engawa-bench-'));
  const postgres = await startPostgres({ folder });
  const engawa = openDatabase(postgres.url, { max: 8, name: 'bench' });
  await migrate(engawa);
  await engawa.unsafe('create database hocuspocus');
  const hocuspocusUrl = new URL(postgres.url);
  hocuspocusUrl.pathname = '/hocuspocus';
  const hocuspocus = openDatabase(hocuspocusUrl.href, { max: 2, name: 'bench' });
  await hocuspocus`create table commits (at timestamptz default now())`;
  await hocuspocus`create table documents (name text primary key, data bytea not null)`;
  const services = servicesOn(engawa);
  const { ctx, token, tokens, spaceId } = await moveIn(services);
  const pid = Number(readFileSync(join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[0]);
  return {
    engawaUrl: postgres.url,
    hocuspocusUrl: hocuspocusUrl.href,
    token,
    tokens,
    items: (count, kind) => makeItems(ctx, spaceId, count, kind),
    services,
    hocuspocus,
    postgresCpu: () => treeCpu(pid),
    commitMs: () => commitMs(hocuspocus),
    async stop() {
      await Promise.all([engawa.end({ timeout: 2 }), hocuspocus.end({ timeout: 2 })]);
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function commitMs(sql: Sql): Promise<number> {
  const taken: number[] = [];
  while (taken.length < 60) {
    const began = performance.now();
    await sql`insert into commits default values`;
    taken.push(performance.now() - began);
  }
  return median(taken);
}

function servicesOn(sql: Sql): Services {
  return {
    sql,
    storage: {} as Services['storage'],
    key: new Uint8Array(32),
    origin: 'http://localhost:3000',
    mailbox: null,
  };
}

async function moveIn(services: Services) {
  const nobody = createCtx({ kind: 'anonymous' }, services);
  const setupToken = await createSetupToken(nobody);
  const organisation = { organisation: '計測県', organisationKana: 'けいそくけん' };
  const { token } = await setUp(nobody, { ...PERSON, ...organisation, token: setupToken });
  const ctx = createCtx(await callerOf(services, token), services);
  const { id: spaceId } = await createSpace(ctx, { name: '計測', purpose: '' });
  const [host] = (await me(ctx)).hosts;
  await grant(ctx, {
    objectId: spaceId,
    principal: { kind: 'organisation', id: host!.id },
    role: 'editor',
  });
  return { ctx, token, tokens: await colleagues(services.sql, host!.id), spaceId };
}

/** Makes people of the organisation, each with a session: by hand, since fifty invitations would take a minute. */
async function colleagues(sql: Sql, organisationId: string): Promise<string[]> {
  const tokens = Array.from({ length: PEOPLE }, () => randomBytes(32).toString('base64url'));
  for (const [index, token] of tokens.entries()) {
    const [id, hash] = [newId(), createHash('sha256').update(token).digest()];
    await sql`insert into people (id, email, name) values (${id}, ${`${id}@example.jp`}, ${`計測 ${index}`})`;
    await sql`
      insert into affiliations (id, person_id, organisation_id, starts_at)
      values (${newId()}, ${id}, ${organisationId}, now() - interval '1 day')`;
    await sql`
      insert into sessions (id, token_hash, person_id, expires_at, ends_at)
      values (${newId()}, ${hash}, ${id}, now() + interval '1 day', now() + interval '2 days')`;
  }
  return tokens;
}

async function makeItems(ctx: Ctx, spaceId: string, count: number, kind: 'doc' | 'board'): Promise<string[]> {
  const ids: string[] = [];
  for (let made = 0; made < count; made += 1)
    ids.push((await createItem(ctx, { spaceId, parentId: null, kind, title: newId() })).id);
  return ids;
}

const TICKS = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** The process, its children that live, and those that have ended. From Linux' own account of them. */
function treeCpu(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const spent = children === '' ? [] : children.split(' ').map((child) => ticksOf(child, [13, 14]));
  return [...spent, ticksOf(String(pid), [13, 14, 15, 16])].reduce((sum, ms) => sum + ms, 0);
}

function ticksOf(pid: string, fields: number[]): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in brackets and may hold anything: count from behind it.
    const rest = ` ${stat.slice(stat.lastIndexOf(')') + 2)}`.split(' ');
    return fields.reduce((sum, field) => sum + Number(rest[field - 1]) * TICKS, 0);
  } catch {
    // It ended between the two reads: its parent has counted it.
    return 0;
  }
}
