import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addPerson } from '@engawa/domain';
import type { World } from '@engawa/domain/testing';
import { until } from '@engawa/sync/testing';
import { metadataOf, TUS } from './tus.ts';

/** What somebody does again and again, and what they were told is done. */
export interface Errands {
  /** How many they were told are done. */
  readonly done: number;
  /** Milliseconds from that moment until one that was begun after it was done. */
  recovered(moment: number): Promise<number>;
  stop(): Promise<void>;
}

const PATIENCE = 120_000;
const PAUSE = 100;

/** Does it without end, one after the other; what throws is no errand done. */
function repeat(one: () => Promise<void>): Errands {
  let [done, lastBegun, going] = [0, 0, true];
  let failure: unknown = null;
  const running = (async () => {
    while (going) {
      const begun = performance.now();
      try {
        await one();
        [done, lastBegun] = [done + 1, begun];
      } catch (error) {
        failure = error;
      }
      await new Promise((next) => setTimeout(next, PAUSE));
    }
  })();
  return {
    get done() {
      return done;
    },
    async recovered(moment) {
      await until(
        () => lastBegun > moment,
        PATIENCE,
        () => `no errand was done again: ${failure}`,
      );
      return performance.now() - moment;
    },
    stop() {
      going = false;
      return running;
    },
  };
}

export interface Uploads extends Errands {
  /** Those that are not there as they were sent. */
  missing(): Promise<string[]>;
}

/** Uploads small files through the pages' own doors, and keeps what the server said it has. */
export function uploadFiles(origin: string, spaceId: string, cookie: string): Uploads {
  const told = new Map<string, string>();
  const headers = { origin, cookie, ...TUS };
  const upload = async () => {
    const bytes = randomBytes(2_000);
    const name = `${bytes.toString('hex', 0, 8)}.bin`;
    const created = await fetch(`${origin}/files/uploads`, {
      method: 'POST',
      headers: {
        ...headers,
        'upload-length': String(bytes.length),
        'upload-metadata': metadataOf({ spaceId, filename: name }),
      },
      signal: AbortSignal.timeout(5_000),
    });
    await expectStatus(created, 201);
    const sent = await fetch(new URL(created.headers.get('location')!, origin), {
      method: 'PATCH',
      headers: { ...headers, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
      body: bytes,
      signal: AbortSignal.timeout(5_000),
    });
    await expectStatus(sent, 204);
    told.set(sent.headers.get('engawa-item')!, sha256(bytes));
  };
  return Object.assign(repeat(upload), {
    async missing() {
      const missing: string[] = [];
      for (const [id, hash] of told) {
        const answer = await fetch(`${origin}/files/${id}/content`, { headers });
        if (sha256(new Uint8Array(await answer.arrayBuffer())) !== hash) missing.push(id);
      }
      return missing;
    },
  });
}

export interface Mails extends Errands {
  /** Addresses that no mail went to, and those that more than one went to. */
  faults(): { lost: string[]; doubled: string[] };
}

/** Adds people, each of whom the worker writes a mail; done when the mail has left. */
export function addPeople(world: World, mailbox: string): Mails {
  const told: string[] = [];
  const texts = () => {
    try {
      return readdirSync(mailbox)
        .filter((name) => name.endsWith('.eml'))
        .map((name) => readFileSync(join(mailbox, name), 'utf8'));
    } catch {
      return [];
    }
  };
  const mailsTo = (email: string) => texts().filter((text) => text.includes(email)).length;
  const add = async () => {
    const email = `p${randomBytes(6).toString('hex')}@pref.example.jp`;
    const { ctx } = world.administrator;
    await addPerson(ctx, { organisationId: world.prefecture, name: '県庁 次郎', kana: '', email, post: '' });
    told.push(email);
    await until(
      () => mailsTo(email) > 0,
      PATIENCE,
      () => 'no mail',
    );
  };
  return Object.assign(repeat(add), {
    faults: () => ({
      lost: told.filter((email) => mailsTo(email) === 0),
      doubled: told.filter((email) => mailsTo(email) > 1),
    }),
  });
}

async function expectStatus(answer: Response, status: number): Promise<void> {
  if (answer.status !== status) throw new Error(`${answer.status}: ${await answer.text()}`);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
