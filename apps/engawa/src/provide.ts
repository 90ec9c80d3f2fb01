import { join } from 'node:path';
import type { Sql } from '@engawa/db';
import type { Services } from '@engawa/domain';
import { openMail, type Mailer } from '@engawa/mail';
import { openFolderStorage } from '@engawa/storage';
import type { Config } from './config.ts';
import { keyOf } from './key.ts';

const mailbox = (config: Config) => join(config.data, 'mail');

/** What every verb of the domain is lent. */
export function makeServices(config: Config, sql: Sql): Services {
  return {
    sql,
    storage: openFolderStorage(join(config.data, 'files')),
    key: config.key ?? keyOf(config.data),
    origin: config.origin,
    mailbox: config.smtpUrl ? null : mailbox(config),
  };
}

/** The way mails leave; only the worker sends. */
export function makeMailer(config: Config): Mailer {
  return openMail({ url: config.smtpUrl, from: config.mailFrom, folder: mailbox(config) });
}
