import * as encoding from 'lib0/encoding';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { newsOf } from './news.ts';

const CLIENTS = 300_000;

/** A letter of each client, standing on that of the next; the last on `ground`, or on nothing. */
function chain(ground: number | null): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, CLIENTS);
  for (let client = 1; client <= CLIENTS; client += 1) {
    const beneath = client < CLIENTS ? client + 1 : ground;
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, 0);
    encoding.writeUint8(encoder, beneath === null ? 4 : 0x84);
    if (beneath === null) {
      encoding.writeVarUint(encoder, 1);
      encoding.writeVarString(encoder, 'content');
    } else {
      encoding.writeVarUint(encoder, beneath);
      encoding.writeVarUint(encoder, 0);
    }
    encoding.writeVarString(encoder, 'x');
  }
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

function judged(update: Uint8Array) {
  const { structs, ds } = Y.decodeUpdate(update);
  return newsOf(new Y.Doc(), [{ update, structs, deletes: ds }]);
}

// With a look through all that wait at each step, these take minutes: any reader could stop a node.
test('what stands on what stands on others, a long way down, is news', () => {
  expect(judged(chain(null))).toMatchObject({ gap: false, clients: { length: CLIENTS } });
});

test('a ring of many is found', () => {
  expect(judged(chain(1)).gap).toBe(true);
});
