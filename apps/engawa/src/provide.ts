import { join } from 'node:path';
import type { Sql } from '@engawa/db';
import type { Services } from '@engawa/domain';
import { openMail, type Mailer } from '@engawa/mail';
import { openFolderStorage, openStorage, type Storage } from '@engawa/storage';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { makeFolder } from './folder.ts';
import { keyOf } from './key.ts';
import { tracedStorage } from './tracing/tracing.ts';

const mailbox = (config: Config) => join(config.data, 'mail');

/** Where files lie. */
export function storageOf({ storageUrl, data }: Pick<Config, 'storageUrl' | 'data'>): Storage {
  return storageUrl ? openStorage(storageUrl) : openFolderStorage(join(data, 'files'));
}

/** What every verb of the domain is lent. */
export function makeServices(config: Config, sql: Sql): Services {
  return {
    sql,
    storage: config.tracing ? tracedStorage(storageOf(config)) : storageOf(config),
    key: config.key ?? keyOf(config.data),
    origin: config.origin,
    mailbox: config.smtpUrl ? null : mailbox(config),
  };
}

/** The way mails leave; only the worker sends. */
export function makeMailer(config: Config): Mailer {
  if (!config.smtpUrl) makeFolder(config.data);
  return openMail({ url: config.smtpUrl, from: config.mailFrom, folder: mailbox(config) });
}

/**
 * Asks the file store until it answers, and makes its bucket. A store that is away does not keep people from their
 * documents, so nobody waits for this. Returns a way to stop asking.
 */
export function awaitStore(storage: Storage, log: Logger, every = 10_000): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const ask = () =>
    storage.ready().then(
      () => log.debug('the file store answers'),
      (err: unknown) => {
        if (stopped) return;
        log.error({ err }, 'files cannot be opened or saved until the file store answers');
        timer = setTimeout(ask, every).unref();
      },
    );
  void ask();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
