import type { Ctx, Services } from '@engawa/domain';
import type { Mailer } from '@engawa/mail';
import type { Logger } from 'pino';

/** What a job's data holds: where to look, never what was there. The job asks again, with the permissions of that moment. */
export interface JobData {
  verb: string;
  objectId: string;
  ids: Record<string, string>;
  data: Record<string, number | string | boolean | null>;
  /** Who did it, or on whose behalf it was done. */
  actor: string | null;
}

/** What every job is lent. */
export interface Tools {
  services: Services;
  mailer: Mailer;
  log: Logger;
  /** A context for whoever the job acts for. */
  ctx(personId: string): Ctx;
  /** A context for housekeeping, which acts for nobody. */
  nobody: Ctx;
}

/** One kind of work. It may run twice for the same thing, and must then change nothing the second time. */
export interface Job {
  name: string;
  /** Ledger verbs that ask for it. */
  on?: string[];
  /** When it runs by the clock: a cron line, in Japanese time. */
  cron?: string;
  run(tools: Tools, data: JobData, id: string): Promise<void>;
}
