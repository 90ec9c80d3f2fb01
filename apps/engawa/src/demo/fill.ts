import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  acceptInvitation,
  addPerson,
  createCtx,
  createDocFromMarkdown,
  createGroup,
  createItem,
  createSetupToken,
  createSpace,
  deriveToken,
  grant,
  invite,
  me,
  personOf,
  resetLink,
  resetPassword,
  setUp,
  setupState,
  type Ctx,
  type Services,
} from '@engawa/domain';
import { Stop } from '../stop.ts';
import { fillBoard } from './board.ts';
import { fillFiles } from './files.ts';
import {
  ADMINISTRATOR,
  FOLDERS,
  GUESTS,
  HOST,
  OFFICERS,
  SECOND_SPACE,
  SPACE,
  type DemoPerson,
} from './world.ts';

const DOCUMENTS = new URL('../../demo/', import.meta.url);
/** Without letters that are taken for one another when they are read aloud or typed from a slide. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

export interface DemoSignIn {
  name: string;
  organisation: string;
  email: string;
}

/**
 * Fills a fresh instance by the same verbs that people use, so that what the demo shows is what the product does.
 * Returns who can sign in, all with one password. Throws when somebody has set the instance up already.
 */
export async function fillDemo(
  services: Services,
): Promise<{ password: string; people: DemoSignIn[]; spaceId: string }> {
  const nobody = createCtx({ kind: 'anonymous' }, services);
  if (!(await setupState(nobody)).needed) {
    throw new Stop(
      'This instance has been set up already. The demo fills a fresh one: start with an empty ENGAWA_DATA.',
    );
  }
  const password = inventPassword();
  const administrator = await setUpHost(nobody, services, password);
  const officers = await addOfficers(administrator, services, password);
  const officer = officers.get('officer')!;
  const space = await createSpace(officer, SPACE);
  const folders = await fillFolders(officer, space.id);
  await fillFiles(officer, space.id, folders);
  await fillBoard(officer, space.id, folders);
  await grant(officer, {
    objectId: space.id,
    principal: { kind: 'person', id: personOf(officers.get('archivist')!) },
    role: 'editor',
  });
  await inviteGuests(officer, services, space.id, folders, password);
  await createSpace(officer, SECOND_SPACE);
  const people = [ADMINISTRATOR, ...OFFICERS, ...GUESTS];
  return {
    password,
    people: people.map(({ name, organisation, email }) => ({ name, organisation, email })),
    spaceId: space.id,
  };
}

async function setUpHost(nobody: Ctx, services: Services, password: string): Promise<Ctx> {
  const signedIn = await setUp(nobody, {
    token: await createSetupToken(nobody),
    organisation: HOST.name,
    organisationKana: HOST.kana,
    name: ADMINISTRATOR.name,
    kana: ADMINISTRATOR.kana,
    email: ADMINISTRATOR.email,
    password,
  });
  return actingAs(services, signedIn.personId);
}

async function addOfficers(
  administrator: Ctx,
  services: Services,
  password: string,
): Promise<Map<string, Ctx>> {
  const organisationId = (await me(administrator)).hosts[0]!.id;
  const contexts = new Map<string, Ctx>();
  for (const officer of OFFICERS) {
    const group = await createGroup(administrator, {
      organisationId,
      name: officer.group,
      kana: officer.groupKana,
    });
    const person = await addPerson(administrator, {
      ...personInput(officer),
      organisationId,
      groupId: group.id,
    });
    await choosePassword(services, officer.email, password);
    contexts.set(officer.key, actingAs(services, person.id));
  }
  return contexts;
}

async function choosePassword(services: Services, email: string, password: string): Promise<void> {
  const link = new URL(await resetLink(services, email));
  const token = link.pathname.split('/').at(-1)!;
  await resetPassword(createCtx({ kind: 'anonymous' }, services), { token, password });
}

async function fillFolders(officer: Ctx, spaceId: string): Promise<Map<string, string>> {
  const folders = new Map<string, string>();
  for (const { title, from, documents } of FOLDERS) {
    const folder = await createItem(officer, { spaceId, parentId: null, kind: 'folder', title });
    folders.set(title, folder.id);
    for (const name of documents) {
      const text = await readFile(new URL(`${from}/${name}`, DOCUMENTS), 'utf8');
      const heading = /^# (.+)\n+/.exec(text);
      await createDocFromMarkdown(officer, {
        spaceId,
        parentId: folder.id,
        title: heading?.[1] ?? name,
        markdown: text.slice(heading?.[0].length ?? 0),
      });
    }
  }
  return folders;
}

async function inviteGuests(
  officer: Ctx,
  services: Services,
  spaceId: string,
  folders: Map<string, string>,
  password: string,
): Promise<void> {
  const nobody = createCtx({ kind: 'anonymous' }, services);
  for (const guest of GUESTS) {
    const objectId = guest.folder ? folders.get(guest.folder)! : spaceId;
    const { email, name, organisation, role } = guest;
    const invitation = await invite(officer, { objectId, email, name, organisation, role });
    await acceptInvitation(nobody, {
      token: deriveToken(services, 'invitation', invitation.id, 1),
      name,
      kana: guest.kana,
      organisation,
      post: guest.post,
      password,
    });
  }
}

function actingAs(services: Services, id: string): Ctx {
  return createCtx({ kind: 'job', personId: id, job: 'demo' }, services);
}

function personInput({ name, kana, email, post }: DemoPerson) {
  return { name, kana, email, post };
}

function inventPassword(): string {
  const part = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${part()}-${part()}-${part()}`;
}
