import * as admin from '@engawa/domain';
import { openMailbox } from '@engawa/mail';
import * as v from 'valibot';
import { act, leadTo, read, write } from '#lib/server/endpoint.ts';
import {
  AddAffiliationForm,
  AddPersonForm,
  CreateGroupForm,
  EndAffiliationForm,
  RestorePersonForm,
  SuspendPersonForm,
} from './forms.ts';

const Nothing = v.optional(v.undefined());

export const organisations = read(Nothing, (ctx) => admin.organisations(ctx));

/** An organisation with its people and groups, for those who administer it. */
export const organisation = read(v.string(), (ctx, id) => admin.organisation(ctx, id));

export const addPerson = write(
  AddPersonForm,
  async (ctx, given) => {
    await admin.addPerson(ctx, given);
    return { ...leadTo(`/admin/${given.organisationId}`), name: given.name };
  },
  [organisation, organisations],
);

export const addAffiliation = write(AddAffiliationForm, async (ctx, given) => {
  await admin.addAffiliation(ctx, given);
  return { added: true };
});

export const endAffiliation = write(EndAffiliationForm, async (ctx, given) => {
  await admin.endAffiliation(ctx, given);
  return { ended: true };
});

export const suspendPerson = write(SuspendPersonForm, async (ctx, given) => {
  await admin.suspendPerson(ctx, given);
  return { suspended: true };
});

export const restorePerson = write(RestorePersonForm, async (ctx, given) => {
  await admin.restorePerson(ctx, given);
  return { restored: true };
});

export const createGroup = write(CreateGroupForm, async (ctx, given) => {
  await admin.createGroup(ctx, given);
  return { name: given.name };
});

/** The mails that wait in the folder; `waiting` is false where a mail server takes them. */
export const outbox = read(Nothing, async (ctx) => ({
  mails: await admin.outbox(ctx, openMailbox),
  waiting: ctx.services.mailbox !== null,
}));

export const outboxMail = read(v.string(), async (ctx, id) => {
  const { to, subject, at, text } = await admin.outboxMail(ctx, { id }, openMailbox);
  return { id, to, subject, at, text };
});

/** The whole installation in numbers, for administrators of a host. */
export const installation = read(Nothing, (ctx) => admin.installation(ctx));

/** The same for a page that is open and asks again: as a deed, so that a question that fails leaves what is shown. */
export const installationAgain = act(Nothing, (ctx) => admin.installation(ctx));
