import type { Browser, Page } from '@playwright/test';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import { Board, createNote, ELEMENTS } from '@engawa/board';
import { changeGrant, revokeGrant } from '@engawa/domain';
import * as Y from 'yjs';
import { browserOf, openHouse, type House, type Person } from './house.ts';
import { instance } from './instance.ts';
import { openLine } from './line.ts';
import {
  boardReady,
  colourAt,
  newBoard,
  onScreen,
  paintedIn,
  stored,
  storedTexts,
  toCanvas,
  type Note,
} from './on-board.ts';
import { authenticationMessage } from './raw-socket.ts';
import { expect as once, test } from './test.ts';

// Two people on one board. What a canvas shows is asked of its pixels, what lasts of the journal.
// Two browsers that draw on two busy cores take their time.
test.describe.configure({ timeout: 240_000 });
const expect = once.configure({ timeout: 30_000 });
const YELLOW = '251,233,160';
const NOTES: Note[] = [
  { text: '左', x: -200, y: 0 },
  { text: '右', x: 200, y: 0 },
];
const MIDDLE = { x: 0, y: 0 };
/** A place on a note where there is no letter. */
const corner = ({ x, y }: { x: number; y: number }) => ({ x: x - 80, y: y - 80 });

let house: House;
let space: string;
let officer: Person;
let mate: Person;

test.beforeAll(async () => {
  house = await openHouse();
  ({ id: space, officer } = await house.space('板のしけん'));
  mate = await house.person('同僚 花子');
  await house.give(officer, mate, space, 'editor');
});
test.afterAll(() => house.close());

async function pageOf(browser: Browser, person: Person, path: string, options = {}): Promise<Page> {
  const page = await (await browserOf(browser, person, options)).newPage();
  await page.goto(instance().origin + path);
  await boardReady(page);
  return page;
}

/** Both see each other, so that nothing that follows is lost for want of somebody to hear it. */
async function together(browser: Browser, notes = NOTES): Promise<{ a: Page; b: Page; id: string }> {
  const { id, path } = await newBoard(house, officer, space, notes);
  const [a, b] = [await pageOf(browser, officer, path), await pageOf(browser, mate, path)];
  await expect(a.getByRole('button', { name: `このボードにいる人：${mate.name}` })).toBeVisible();
  await expect(b.getByRole('button', { name: `このボードにいる人：${officer.name}` })).toBeVisible();
  return { a, b, id };
}

const noteNamed = async (id: string, text: string) =>
  [...(await stored(house, id)).elements.values()].find((element) => element.text === text);

test('a drag is seen before it is let go, and stays where it was let go', async ({ browser }) => {
  const { a, b, id } = await together(browser);
  const to = { x: -200, y: 220 };
  const [from, target] = [await onScreen(a, MIDDLE, NOTES[0]!), await onScreen(a, MIDDLE, to)];
  const seen = await onScreen(b, MIDDLE, corner(to));
  const left = await onScreen(b, MIDDLE, corner(NOTES[0]!));
  await expect.poll(() => colourAt(b, left)).toBe(YELLOW);
  expect(await colourAt(b, seen)).not.toBe(YELLOW);

  await a.mouse.move(from.x, from.y);
  await a.mouse.down();
  await a.mouse.move(target.x, target.y, { steps: 8 });
  await expect.poll(() => colourAt(b, seen)).toBe(YELLOW);
  await expect.poll(() => colourAt(b, left)).not.toBe(YELLOW);
  // It is only in hand: nothing has been written.
  expect((await noteNamed(id, '左'))!.y).toBe(-100);

  await a.mouse.up();
  await expect.poll(async () => (await noteNamed(id, '左'))!.y).toBe(120);
  await expect.poll(() => colourAt(b, seen)).toBe(YELLOW);
  expect(await colourAt(b, left)).not.toBe(YELLOW);
});

test('words are composed in a note while another moves it', async ({ browser }) => {
  const { a, b, id } = await together(browser);
  const note = await onScreen(a, MIDDLE, NOTES[1]!);
  await a.mouse.dblclick(note.x, note.y);
  await expect(a.locator('[data-board-field]')).toBeFocused();
  const session = await a.context().newCDPSession(a);
  const composing = (text: string) =>
    session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await composing('か');
  await composing('かい');

  const [from, to] = [await onScreen(b, MIDDLE, NOTES[1]!), await onScreen(b, MIDDLE, { x: 200, y: -150 })];
  await b.mouse.move(from.x, from.y);
  await b.mouse.down();
  await b.mouse.move(to.x, to.y, { steps: 6 });
  await b.mouse.up();
  await expect.poll(async () => (await noteNamed(id, '右'))!.y).toBe(-250);

  await composing('かいぎ');
  await session.send('Input.insertText', { text: '会議' });
  await expect.poll(() => storedTexts(house, id)).toEqual(['右会議', '左']);
  expect((await noteNamed(id, '右会議'))!.y).toBe(-250);
});

test('pointers are seen, a light fades, and what is chosen is marked', async ({ browser }) => {
  const { a, b } = await together(browser);
  const place = await onScreen(a, MIDDLE, { x: 0, y: 200 });
  const there = await onScreen(b, MIDDLE, { x: 0, y: 200 });
  const around = { x: there.x - 4, y: there.y - 4, w: 90, h: 50 };
  expect(await paintedIn(b, around)).toBe(0);
  await a.mouse.move(place.x - 9, place.y);
  await a.mouse.move(place.x, place.y);
  await expect.poll(() => paintedIn(b, around)).toBeGreaterThan(100);

  const note = await onScreen(a, MIDDLE, NOTES[0]!);
  const edge = await onScreen(b, MIDDLE, { x: NOTES[0]!.x - 110, y: -50 });
  const rim = { x: edge.x, y: edge.y, w: 20, h: 60 };
  expect(await paintedIn(b, rim)).toBe(0);
  await a.mouse.click(note.x, note.y);
  await expect.poll(() => paintedIn(b, rim)).toBeGreaterThan(20);

  await toCanvas(a);
  await a.keyboard.press('Escape');
  await expect.poll(() => paintedIn(b, rim)).toBe(0);
  await a.keyboard.press('l');
  const beam = await onScreen(b, MIDDLE, { x: -160, y: -220 });
  // Above the line's middle, where nothing of the pointer is that draws it.
  const trail = { x: beam.x, y: beam.y - 3, w: 300, h: 2 };
  const start = await onScreen(a, MIDDLE, { x: -160, y: -220 });
  await a.mouse.move(start.x, start.y);
  await a.mouse.down();
  // It fades, so it is kept alight until it has been seen.
  let seen = false;
  const shining = (async () => {
    for (let step = 0; !seen; step += 1)
      await a.mouse.move(start.x + 300 * (step % 2), start.y, { steps: 5 });
  })();
  await expect.poll(() => paintedIn(b, trail)).toBeGreaterThan(20);
  seen = true;
  await shining;
  await a.mouse.up();
  await expect.poll(() => paintedIn(b, trail)).toBeLessThan(10);
});

test('one follows another, until one moves oneself', async ({ browser }) => {
  const { a, b } = await together(browser);
  await a.getByRole('button', { name: /^このボードにいる人/ }).click();
  await a.getByRole('button', { name: `${mate.name}さんの画面を見る` }).click();
  await expect(a.locator('[data-following]')).toContainText(`${mate.name}さんの画面を見ています`);
  await b.getByRole('button', { name: '縮小' }).click();
  await b.getByRole('button', { name: '縮小' }).click();
  await expect(b.locator('[data-zoom]')).toHaveAttribute('data-zoom', '50');
  await expect(a.locator('[data-zoom]')).toHaveAttribute('data-zoom', '50');
  await toCanvas(a);
  await a.keyboard.press('+');
  await expect(a.locator('[data-following]')).toHaveCount(0);
  await b.getByRole('button', { name: '縮小' }).click();
  await expect(b.locator('[data-zoom]')).toHaveAttribute('data-zoom', '25');
  await expect(a.locator('[data-zoom]')).toHaveAttribute('data-zoom', '75');
});

/** Makes a note by the keyboard and the pointer, and writes in it. */
async function writeNote(page: Page, at: { x: number; y: number }, text: string): Promise<void> {
  await toCanvas(page);
  await page.keyboard.press('n');
  await page.mouse.click(at.x, at.y);
  await expect(page.locator('[data-board-field]')).toBeFocused();
  await page.keyboard.type(text);
  await page.keyboard.press('Escape');
}

test('undo takes back one’s own and nobody else’s', async ({ browser }) => {
  const { a, b, id } = await together(browser);
  await writeNote(a, await onScreen(a, MIDDLE, { x: -200, y: 230 }), '私の');
  await writeNote(b, await onScreen(b, MIDDLE, { x: 200, y: 230 }), '相手の');
  await expect.poll(() => storedTexts(house, id)).toEqual(['右', '左', '相手の', '私の']);
  await toCanvas(a);
  await expect
    .poll(async () => {
      await a.keyboard.press('ControlOrMeta+z');
      return storedTexts(house, id);
    })
    .toEqual(['右', '左', '相手の']);
  // There is nothing of one's own left to take back.
  await a.keyboard.press('ControlOrMeta+z');
  await writeNote(a, await onScreen(a, MIDDLE, { x: -200, y: 230 }), '後の');
  await expect.poll(() => storedTexts(house, id)).toEqual(['右', '左', '後の', '相手の']);
});

test('what is drawn without a connection comes back with it', async ({ browser }) => {
  const line = await openLine();
  try {
    const { id, path } = await newBoard(house, officer, space, NOTES);
    const a = await pageOf(browser, officer, path);
    const b = await pageOf(browser, mate, path, { proxy: line.proxy });
    await expect(a.getByRole('button', { name: `このボードにいる人：${mate.name}` })).toBeVisible();
    line.cut();
    await expect(b.getByText('接続が切れました').last()).toBeVisible();
    await expect(a.getByRole('button', { name: /^このボードにいる人/ })).toHaveCount(0);
    await writeNote(b, await onScreen(b, MIDDLE, { x: 0, y: 180 }), '電車の中で');
    await writeNote(a, await onScreen(a, MIDDLE, { x: 0, y: -180 }), '会議室で');
    await expect.poll(() => storedTexts(house, id)).toEqual(['会議室で', '右', '左']);
    line.restore();
    await expect
      .poll(() => storedTexts(house, id), { timeout: 60_000 })
      .toEqual(['会議室で', '右', '左', '電車の中で']);
    await expect(a.getByRole('button', { name: `このボードにいる人：${mate.name}` })).toBeVisible({
      timeout: 60_000,
    });
  } finally {
    line.close();
  }
});

test('a viewer changes nothing, neither by the page nor by a socket of their own', async ({ browser }) => {
  const { id, path } = await newBoard(house, officer, space, NOTES);
  const viewer = await house.person('見る 人', { organisation: '益子町' });
  await house.give(officer, viewer, id, 'viewer');
  const page = await pageOf(browser, viewer, path);
  await expect(page.getByRole('toolbar', { name: 'ボードの道具' })).toHaveCount(0);
  await toCanvas(page);
  await page.keyboard.press('n');
  const note = await onScreen(page, MIDDLE, NOTES[0]!);
  await page.mouse.click(note.x, note.y);
  await page.keyboard.press('Delete');
  await page.mouse.dblclick(note.x, note.y);
  await expect(page.locator('[data-board-field]')).toHaveCount(0);

  const { origin } = instance();
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/sync/${id}?g=1`, {
    headers: { cookie: `engawa_session=${viewer.token}`, origin },
  });
  const name = `${id}.1`;
  const heard: Buffer[] = [];
  socket.on('message', (data: Buffer) => heard.push(data));
  await new Promise((opened, failed) => socket.once('open', opened).once('error', failed));
  socket.send(authenticationMessage(name));
  socket.send(frame(name, 0, Y.encodeStateVector(new Y.Doc())));
  await expect.poll(() => heard.length).toBeGreaterThanOrEqual(3);
  const doc = new Y.Doc();
  createNote(new Board(doc), MIDDLE, '書けないはず');
  doc.getMap(ELEMENTS);
  const before = heard.length;
  socket.send(frame(name, 1, Y.encodeStateAsUpdate(doc)));
  await expect.poll(() => heard.length > before || socket.readyState === WebSocket.CLOSED).toBe(true);
  socket.close();
  expect(await storedTexts(house, id)).toEqual(['右', '左']);
});

/** A message of the sync protocol: 0 asks by a state vector, 1 answers with an update. */
function frame(name: string, step: 0 | 1, bytes: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, name);
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder);
}

test('the tools go with the role, and the board with the access, at once', async ({ browser }) => {
  const { id, path } = await newBoard(house, officer, space, NOTES);
  const guest = await house.person('招いた 客', { organisation: '益子町' });
  const grant = await house.give(officer, guest, id, 'editor');
  const a = await pageOf(browser, officer, path);
  const page = await pageOf(browser, guest, path);
  await expect(page.getByRole('toolbar', { name: 'ボードの道具' })).toBeVisible();
  await changeGrant(officer.ctx, { grantId: grant, role: 'viewer' });
  await expect(page.getByRole('toolbar', { name: 'ボードの道具' })).toHaveCount(0);
  await expect(a.getByRole('button', { name: `このボードにいる人：${guest.name}` })).toBeVisible();
  await revokeGrant(officer.ctx, { grantId: grant });
  // Within a second where nothing else is going on: `apps/sync/src/live/boards.db.test.ts`.
  await expect(page.locator('[data-access-ended]')).toBeVisible();
  await expect(page.locator('canvas')).toHaveCount(0);
  await expect(a.getByRole('button', { name: /^このボードにいる人/ })).toHaveCount(0);
});
