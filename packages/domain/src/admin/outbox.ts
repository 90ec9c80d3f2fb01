import {
  NotFound,
  type OpenMailbox,
  type OutboxMail,
  OutboxMailInput,
  type OutboxRow,
  parse,
} from '@engawa/schema';
import type { Ctx } from '../ctx.ts';
import { record } from '../ledger/index.ts';
import { requireHostAdministrator } from './organisations.ts';

/**
 * The mails in the folder, newest first, while no mail server is configured (else none). For administrators of a
 * host organisation; to everybody else there is no such page. `open` is `openMailbox` of the mail port.
 */
export async function outbox(ctx: Ctx, open: OpenMailbox): Promise<OutboxRow[]> {
  await requireHostAdministrator(ctx);
  const { mailbox } = ctx.services;
  return mailbox ? open(mailbox).list() : [];
}

/**
 * One mail of the folder. For administrators of a host organisation. A mail may hold somebody's link, so the ledger
 * keeps that it was read.
 */
export async function outboxMail(ctx: Ctx, input: OutboxMailInput, open: OpenMailbox): Promise<OutboxMail> {
  const organisationId = await requireHostAdministrator(ctx);
  const { id } = parse(OutboxMailInput, input);
  const { mailbox } = ctx.services;
  const mail = mailbox ? await open(mailbox).read(id) : null;
  if (!mail) throw new NotFound();
  await ctx.sql.begin(async (tx) => {
    await record(tx, ctx, { verb: 'admin.mail_read', objectKind: 'organisation', objectId: organisationId });
  });
  return mail;
}
