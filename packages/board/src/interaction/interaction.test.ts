import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Board } from '../model/board.ts';
import { createHistory } from '../model/history.ts';
import { createConnector, createNote } from '../operations/create.ts';
import { group, setLocked } from '../operations/group.ts';
import { emptyBoard, picture, steps, take } from '../testing/boards.ts';
import { perform, type Effect } from './effects.ts';
import type { Input, Pointed } from './input.ts';
import { caughtUp, reduce } from './reduce.ts';
import { newStage, TOOLS, type Stage } from './stage.ts';

/** A board, a hand and what the hand was told to do: the app without a browser. */
function desk(board: Board = emptyBoard()) {
  let stage: Stage = { ...newStage({ w: 1000, h: 800 }), camera: { x: -500, y: -400, zoom: 1 } };
  const effects: Effect[] = [];
  const history = createHistory(board);
  const send = (...inputs: Input[]) => {
    for (const input of inputs) {
      const [next, wanted] = reduce(stage, input, board);
      stage = next;
      for (const effect of wanted) {
        effects.push(effect);
        if (effect.do === 'undo') history.undo();
        else if (effect.do === 'redo') history.redo();
        else if (effect.do !== 'live' && effect.do !== 'edit') {
          const chosen = perform(board, effect);
          if (chosen) stage = { ...stage, selection: new Set(chosen) };
        }
      }
      stage = caughtUp(stage, board);
    }
  };
  return { board, send, effects, stage: () => stage };
}

/** Board coordinates: the camera of the desk has 0, 0 in the middle of its view. */
const at = (type: Pointed['type'], x: number, y: number, more: Partial<Pointed> = {}): Pointed => ({
  type,
  id: 1,
  at: { x: x + 500, y: y + 400 },
  device: 'mouse',
  button: 0,
  pressure: 0.5,
  shift: false,
  alt: false,
  command: true,
  ...more,
});
const drag = (from: [number, number], to: [number, number], more: Partial<Pointed> = {}): Input[] => [
  at('down', ...from, more),
  at('move', from[0] + 10, from[1] + 10, more),
  at('move', ...to, more),
  at('up', ...to, more),
];
const key = (name: string, more: Partial<Extract<Input, { type: 'key' }>> = {}): Input => ({
  type: 'key',
  key: name,
  repeat: false,
  shift: false,
  alt: false,
  command: false,
  ...more,
});

describe('the pointer', () => {
  test('a drag moves what is under it, once, when it is let go', () => {
    const { board, send, effects, stage } = desk();
    const id = createNote(board, { x: 0, y: 0 });
    send(at('down', 0, 0), at('move', 20, 0), at('move', 40, 30));
    expect(board.find(id)?.x).toBe(-100);
    expect(stage().held.get(id)).toMatchObject({ x: -60, y: -70 });
    send(at('up', 40, 30));
    expect(board.find(id)).toMatchObject({ x: -60, y: -70 });
    expect(effects.filter((effect) => effect.do === 'move')).toHaveLength(1);
    expect(effects.at(-1)).toEqual({ do: 'live', message: { kind: 'idle' } });
    expect(stage().held.size).toBe(0);
  });

  test('by keyboard alone things are made larger and turned', () => {
    const { board, send } = desk();
    const note = createNote(board, { x: 0, y: 0 });
    send(
      { type: 'select', ids: [note] },
      key('ArrowRight', { command: true }),
      key('ArrowUp', { command: true, shift: true }),
    );
    expect(board.find(note)).toMatchObject({ x: -100, y: -100, w: 208, h: 199 });
    send(key('.'), key('.'), key(','));
    expect(board.find(note)!.r).toBe(15);
    send(key('ArrowDown', { command: true }));
    expect(board.find(note)).toMatchObject({ w: 208, h: 207, r: 15 });
    setLocked(board, [note], true);
    send(key('ArrowDown', { command: true }), key('.'));
    expect(board.find(note)).toMatchObject({ h: 207, r: 15 });
  });

  test('a finger slides over what is not chosen, and moves what is', () => {
    const { board, send, stage } = desk();
    const note = createNote(board, { x: 0, y: 0 });
    const { x } = stage().camera;
    send(...drag([0, 0], [120, 0], { device: 'touch' }));
    expect([board.find(note)!.x, stage().camera.x, stage().selection.size]).toEqual([-100, x - 120, 0]);
    send({ type: 'camera', camera: { x: -500, y: -400, zoom: 1 } });
    send(at('down', 0, 0, { device: 'touch' }), at('up', 0, 0, { device: 'touch' }));
    expect([...stage().selection]).toEqual([note]);
    send(...drag([0, 0], [300, 0], { device: 'touch' }));
    expect(board.find(note)!.x).toBe(200);
  });

  test('whoever may only look moves the view, also from a note; on a locked ground a mouse marks', () => {
    const { board, send, stage } = desk();
    const ground = createNote(board, { x: 0, y: 0 });
    const other = createNote(board, { x: 60, y: 60 });
    setLocked(board, [ground], true);
    send(...drag([-80, -80], [80, 80]));
    expect([...stage().selection]).toEqual([other]);
    send({ type: 'readOnly', readOnly: true });
    const { x } = stage().camera;
    send(...drag([60, 60], [160, 60]));
    expect([board.find(other)!.x, stage().camera.x]).toEqual([-40, x - 100]);
  });

  test('a group is taken by its title, and a double click writes it', () => {
    const { board, send, stage, effects } = desk();
    const notes = [createNote(board, { x: -150, y: 0 }), createNote(board, { x: 150, y: 0 })];
    const titled = group(board, notes, '交通の困りごと')!;
    // Above the left note, in the line of the title.
    send(at('down', -200, -125), at('up', -200, -125));
    expect([...stage().selection]).toEqual([titled]);
    send(...drag([-200, -125], [-200, 75]));
    expect(notes.map((id) => board.find(id)!.y)).toEqual([100, 100]);
    send(at('double', -200, 75));
    expect(effects.at(-1)).toEqual({ do: 'edit', id: titled });
    send({ type: 'readOnly', readOnly: true }, at('double', -200, 75));
    expect(effects.filter((effect) => effect.do === 'edit')).toHaveLength(1);
  });

  test('a click chooses, with Shift more; a marquee takes what it touches', () => {
    const { board, send, stage } = desk();
    const [a, b] = [createNote(board, { x: -200, y: 0 }), createNote(board, { x: 200, y: 0 })];
    send(at('down', -200, 0), at('up', -200, 0));
    expect([...stage().selection]).toEqual([a]);
    send(at('down', 200, 0, { shift: true }), at('up', 200, 0, { shift: true }));
    expect([...stage().selection]).toEqual([a, b]);
    send(at('down', 0, 300), at('up', 0, 300));
    expect(stage().selection.size).toBe(0);
    send(...drag([-350, -150], [350, 150]));
    expect([...stage().selection].sort()).toEqual([a, b].sort());
  });

  test('a corner resizes, the knob turns, Alt copies', () => {
    const { board, send } = desk();
    const id = createNote(board, { x: 0, y: 0 });
    send(at('down', 0, 0), at('up', 0, 0), ...drag([100, 100], [150, 160]));
    expect(board.find(id)).toMatchObject({ x: -100, y: -100, w: 250, h: 260 });
    send(...drag([25, -128], [200, 30]));
    expect(board.find(id)?.r).toBe(90);
    send(...drag([0, 0], [300, 0], { alt: true }));
    expect(board.elements.size).toBe(2);
  });

  test('tools make what they say, and give way to choosing', () => {
    const { board, send, effects, stage } = desk();
    send({ type: 'tool', tool: 'ellipse' }, ...drag([0, 0], [100, 60]));
    expect([...board.elements.values()][0]).toMatchObject({ kind: 'ellipse', x: 0, y: 0, w: 100, h: 60 });
    expect(stage().tool).toBe('select');
    send({ type: 'tool', tool: 'pen' }, ...drag([-200, 0], [-100, 50]));
    expect(stage().tool).toBe('pen');
    expect([...board.elements.values()].some(({ kind }) => kind === 'pen')).toBe(true);
    send({ type: 'tool', tool: 'note' }, at('down', -300, -200), at('up', -300, -200));
    expect(effects.findLast((effect) => effect.do === 'make')).toMatchObject({ kind: 'note', edit: true });
  });

  test('connecting: from one to another, and an end taken elsewhere', () => {
    const { board, send, stage } = desk();
    const [a, b] = [createNote(board, { x: -300, y: 0 }), createNote(board, { x: 300, y: 0 })];
    send({ type: 'tool', tool: 'connector' }, ...drag([-300, 0], [300, 20]));
    const [line] = [...stage().selection];
    expect(board.find(line!)).toMatchObject({ kind: 'connector', from: { id: a }, to: { id: b } });
    send(...drag([200, 0], [0, 300]));
    expect(board.find(line!)?.to).toMatchObject({ id: null, x: 0, y: 300 });
  });

  test('two fingers pinch, and what one finger had begun is not written', () => {
    const { board, send, stage } = desk();
    const id = createNote(board, { x: 0, y: 0 });
    const finger = (type: Pointed['type'], n: number, x: number) =>
      at(type, x, 0, { id: n, device: 'touch' });
    send(finger('down', 1, -50), finger('move', 1, -20), finger('down', 2, 50));
    send(finger('move', 2, 120), finger('up', 2, 120), finger('up', 1, -20));
    expect(stage().camera.zoom).toBeCloseTo(2);
    expect(board.find(id)?.x).toBe(-100);
    expect(stage().doing.kind).toBe('nothing');
  });

  test('the wheel pans, with Ctrl zooms where the pointer is', () => {
    const { send, stage } = desk();
    send({ type: 'wheel', at: { x: 0, y: 0 }, dx: 10, dy: 20, zoom: false });
    expect(stage().camera).toEqual({ x: -490, y: -380, zoom: 1 });
    send({ type: 'wheel', at: { x: 0, y: 0 }, dx: 0, dy: -120, zoom: true });
    expect(stage().camera).toEqual({ x: -490, y: -380, zoom: 2 });
  });

  test('a double click opens a group, then a text; on empty board it makes a note', () => {
    const { board, send, effects, stage } = desk();
    const notes = [-200, 200].map((x) => createNote(board, { x, y: 0 }));
    const whole = group(board, notes)!;
    send(at('down', -200, 0), at('up', -200, 0));
    expect([...stage().selection]).toEqual([whole]);
    send(at('double', -200, 0));
    expect([...stage().selection]).toEqual([notes[0]]);
    send(at('double', -200, 0));
    expect(effects.at(-1)).toEqual({ do: 'edit', id: notes[0] });
    send(at('double', 0, 300));
    expect(board.elements.size).toBe(4);
  });

  test('who may only look can choose and move about, and writes nothing', () => {
    const { board, send, effects, stage } = desk();
    createNote(board, { x: 0, y: 0 });
    send(
      { type: 'readOnly', readOnly: true },
      ...drag([0, 0], [50, 50]),
      key('Delete'),
      at('double', 300, 300),
    );
    send(key('z', { command: true }), { type: 'tool', tool: 'note' }, ...drag([200, 200], [300, 300]));
    expect(effects.every((effect) => effect.do === 'live')).toBe(true);
    expect(stage().selection.size).toBeLessThan(2);
  });
});

describe('the keyboard', () => {
  test('Tab goes through everything in reading order and then out', () => {
    const { board, send, stage } = desk();
    const [b, a] = [createNote(board, { x: 300, y: 0 }), createNote(board, { x: 0, y: 0 })];
    send(key('Tab'));
    expect([...stage().selection]).toEqual([a]);
    send(key('Tab'));
    expect([...stage().selection]).toEqual([b]);
    expect(reduce(stage(), key('Tab'), board)[0]).toBe(stage());
  });

  test('arrows move, Delete deletes, Ctrl+Z brings back, Ctrl+D doubles', () => {
    const { board, send, effects } = desk();
    const id = createNote(board, { x: 0, y: 0 });
    send(key('Tab'), key('ArrowRight'), key('ArrowDown', { shift: true }));
    expect(board.find(id)).toMatchObject({ x: -92, y: -99 });
    send(key('d', { command: true }));
    expect(board.elements.size).toBe(2);
    send(key('Delete'));
    expect(board.elements.size).toBe(1);
    send(key('z', { command: true }));
    expect(board.elements.size).toBe(2);
    send(key('Tab'), key('Enter'));
    expect(effects.at(-1)?.do).toBe('edit');
  });

  test('Escape lets go of what is in hand and writes nothing', () => {
    const { board, send, stage } = desk();
    const id = createNote(board, { x: 0, y: 0 });
    send(at('down', 0, 0), at('move', 50, 50), key('Escape'), at('up', 50, 50));
    expect(board.find(id)?.x).toBe(-100);
    expect(stage().doing.kind).toBe('nothing');
  });
});

test('what another deletes falls out of the hand', () => {
  const { board, send, stage } = desk();
  const id = createNote(board, { x: 0, y: 0 });
  createConnector(board, { id, side: 'auto', x: 0, y: 0 }, { id: null, side: 'auto', x: 400, y: 0 });
  send(at('down', 0, 0), at('move', 50, 50));
  board.doc.transact(() => board.stored.delete(id));
  send(at('move', 60, 60), at('up', 60, 60));
  expect(stage().selection.size).toBe(0);
});

test('any input in any order: never an error, never a damaged board', () => {
  const place = fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -400, max: 400 }));
  const pointed = fc.tuple(
    fc.constantFrom('down' as const, 'move' as const, 'move' as const, 'up' as const, 'double' as const),
    place,
    fc.record({
      id: fc.nat(2),
      shift: fc.boolean(),
      alt: fc.boolean(),
      device: fc.constantFrom('mouse' as const, 'touch' as const, 'pen' as const),
      button: fc.nat(2),
    }),
  );
  const names = [
    'Tab',
    'Enter',
    'Delete',
    'Escape',
    'ArrowUp',
    'a',
    'z',
    'y',
    'd',
    'g',
    'l',
    ']',
    '[',
    '0',
    '1',
    '2',
    ' ',
  ];
  const input: fc.Arbitrary<Input> = fc.oneof(
    pointed.map(([type, [x, y], more]) => at(type, x, y, more)),
    fc
      .tuple(fc.constantFrom(...names), fc.boolean(), fc.boolean())
      .map(([name, command, shift]) => key(name, { command, shift })),
    fc.constantFrom(...TOOLS).map((tool) => ({ type: 'tool' as const, tool })),
    fc.constant({ type: 'cancel' as const, id: 1 }),
  );
  fc.assert(
    fc.property(steps(12), fc.array(input, { maxLength: 60 }), (before, inputs) => {
      const board = emptyBoard();
      for (const step of before) take(board, step);
      const { send, stage } = desk(board);
      for (const one of inputs) send(one);
      expect(board.damaged.size).toBe(0);
      expect(Number.isFinite(stage().camera.x + stage().camera.zoom)).toBe(true);
      picture(board);
    }),
    { numRuns: 150 },
  );
});
