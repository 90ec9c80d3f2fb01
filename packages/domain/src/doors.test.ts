import { expect, test } from 'vitest';
import * as activity from './activity/index.ts';
import * as admin from './admin/index.ts';
import * as boards from './boards/index.ts';
import * as docs from './docs/index.ts';
import { DOORS } from './doors.ts';
import * as files from './files/index.ts';
import * as grants from './grants/index.ts';
import * as guests from './guests/index.ts';
import * as domain from './index.ts';
import * as items from './items/index.ts';
import * as journal from './journal/index.ts';
import * as marks from './marks/index.ts';
import * as people from './people/index.ts';
import * as search from './search/index.ts';
import * as spaces from './spaces/index.ts';
import { bareVerb } from './traces.ts';

const FEATURES: Record<string, Record<string, unknown>> = {
  activity,
  admin,
  boards,
  docs,
  files,
  grants,
  guests,
  items,
  journal,
  marks,
  people,
  search,
  spaces,
};

/** What the package offers its programs besides doors: deciding, recording and the journal, which doors are made of. */
const TOOLS = [
  'accessOf',
  'accessOfMany',
  'append',
  'applyLoaded',
  'attachmentNamed',
  'brokenLink',
  'bumpEpoch',
  'bumpEpochsOf',
  'createCtx',
  'deriveToken',
  'drainJournal',
  'epochsOf',
  'followLedger',
  'heads',
  'isDamaged',
  'holdingStore',
  'isShownIn',
  'journalBytes',
  'leaseClients',
  'load',
  'loadKept',
  'loadWire',
  'mergeTail',
  'personOf',
  'provideServices',
  'provideTracing',
  'rangeOf',
  'reachOf',
  'readDocument',
  'readHint',
  'readKept',
  'record',
  'requireAccess',
  'requireMayLetIn',
  'reviveDatabase',
  'rowsAfter',
  'sequence',
  'services',
  'storedObjects',
  'traced',
  'visibleTo',
  'waitingBytes',
  'writeGrant',
  'writeSnapshot',
];

/** Doors that stand in other rooms; those rooms' tests open them. */
const ELSEWHERE = ['live', 'sync'];

test('every verb that leaves the domain is a door, and every door leads to one', () => {
  const isFunction = (value: unknown) =>
    typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value));
  const verbs = Object.entries(domain).flatMap(([name, value]) =>
    isFunction(value) && !TOOLS.includes(name) ? [name] : [],
  );
  const here = DOORS.filter(({ door }) => !ELSEWHERE.includes(door.split('.')[0]!));
  expect(verbs.sort()).toEqual(here.map(({ door }) => door.split('.')[1]!).sort());
  for (const { door } of here) {
    const [feature, verb] = door.split('.') as [string, string];
    expect(FEATURES[feature]?.[verb], door).toBe(bareVerb((domain as Record<string, unknown>)[verb]));
  }
});

test('doors are listed once', () => {
  const names = DOORS.map(({ door }) => door);
  expect(new Set(names).size).toBe(names.length);
});
