import type { Sql } from '@engawa/db';
import { notifyJournal, type Head } from './journal.sql.ts';

/** Commits within this many milliseconds share a notification: it is a commit of its own. */
const GATHER = 50;
/** PostgreSQL allows 8000 bytes a payload. */
const MAX_PAYLOAD = 7_000;

export interface HintSender {
  tell(itemId: string, generation: number, seq: number): void;
  /** Resolves when nothing waits to be told. */
  idle(): Promise<void>;
}

/** Tells other nodes what was written. A hint may be lost: whoever tails also asks the heads from time to time. */
export function createHintSender(sql: Sql): HintSender {
  const heads = new Map<string, number>();
  let sending: Promise<void> | null = null;

  async function send() {
    await new Promise((done) => setTimeout(done, GATHER));
    const lines = [...heads].map(([name, seq]) => `${name}.${seq}`);
    heads.clear();
    sending = null;
    await notifyJournal(sql, payloads(lines)).catch(() => {});
  }

  return {
    tell(itemId: string, generation: number, seq: number) {
      heads.set(`${itemId}.${generation}`, seq);
      sending ??= send();
    },
    async idle() {
      await sending;
    },
  };
}

function payloads(lines: string[]): string[] {
  const result = [''];
  for (const line of lines) {
    if (result.at(-1)!.length + line.length > MAX_PAYLOAD) result.push('');
    result[result.length - 1] += ` ${line}`;
  }
  return result;
}

/** Reads a notification of `engawa_journal`: how far these items had been written when it was sent. */
export function readHint(payload: string): Head[] {
  return payload
    .trim()
    .split(' ')
    .map((line) => {
      const [itemId = '', generation, seq] = line.split('.');
      return { itemId, generation: Number(generation), seq: Number(seq) };
    });
}
