import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, startPostgres, type Sql } from '@engawa/db';
import { processesOf } from '@engawa/db/testing';
import { freePort } from '@engawa/sync/testing';
import { runProgram, whenReady, type Program } from './program.ts';

/** The whole program as people start it, its PostgreSQL within, on one folder and one address. */
export interface Whole {
  /** `ws://localhost:<port>` */
  url: string;
  origin: string;
  /** The one that runs now. */
  program(): Program;
  /** Starts it, and resolves when it is ready. */
  start(): Promise<void>;
  /** SIGKILL to the program; with `powerCut`, to PostgreSQL as well. */
  kill(powerCut: boolean): Promise<void>;
  /** Runs also while the program does not. Ask anew each time: PostgreSQL may have moved. */
  sql(): Promise<Sql>;
  /** Ends everything that is left of it. */
  clear(): Promise<void>;
}

export async function wholeProgram(data: string): Promise<Whole> {
  const folder = join(data, 'postgres');
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  let program: Program;
  let pool: { url: string; sql: Sql } | null = null;
  const clear = () => processesOf(join(folder, 'data')).forEach((pid) => process.kill(pid, 'SIGKILL'));
  process.once('exit', clear);
  return {
    url: origin.replace('http', 'ws'),
    origin,
    program: () => program,
    async start() {
      program = runProgram([], { PORT: String(port), ENGAWA_DATA: data });
      await whenReady(program, port);
    },
    async kill(powerCut) {
      const [postmaster] = readFileSync(join(folder, 'data/postmaster.pid'), 'utf8').split('\n');
      if (powerCut) process.kill(Number(postmaster), 'SIGKILL');
      program.child.kill('SIGKILL');
      await program.gone;
    },
    async sql() {
      // A server that runs is adopted; one that went with the program is started, and adopted by the program's next start.
      const { url } = await startPostgres({ folder });
      if (pool?.url !== url) {
        await pool?.sql.end({ timeout: 1 });
        pool = { url, sql: openDatabase(url, { max: 3 }) };
      }
      return pool.sql;
    },
    async clear() {
      await pool?.sql.end({ timeout: 1 });
      program.child.kill('SIGKILL');
      await program.ended;
      clear();
      process.off('exit', clear);
    },
  };
}
