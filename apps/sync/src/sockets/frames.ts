import { AWARENESS_FIELDS, DOCUMENT_ROOT } from '@engawa/schema';
import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { irregularity } from './regular.ts';

/** An update as it arrived, decoded once. */
export interface IncomingUpdate {
  update: Uint8Array;
  structs: ReturnType<typeof Y.decodeUpdate>['structs'];
  deletes: ReturnType<typeof Y.decodeUpdate>['ds'];
}

/** One client's entry of an awareness frame; state null says goodbye. */
export interface AwarenessEntry {
  clientId: number;
  state: Record<string, unknown> | null;
}

/** What a client may send. Everything else is `malformed`. */
export type Frame =
  | { kind: 'auth' }
  | { kind: 'state'; vector: Uint8Array }
  /** Step 2, or a change after it. */
  | ({ kind: 'update' } & IncomingUpdate)
  /** A change before step 2, not looked into. */
  | { kind: 'early' }
  | { kind: 'awareness'; entries: AwarenessEntry[] }
  | { kind: 'query' }
  | { kind: 'goodbye' };

/** The frame is none that a client of ours sends; the message says which part, for the log. */
export class MalformedFrame extends Error {}

const MAX_TOKEN = 200;
const MAX_STATES = 2_000;
const MAX_STATE = 8_192;
/** Bytes of a state vector: about a hundred thousand clients. */
const MAX_VECTOR = 1 << 20;
/** Structs and deletions of one update. Some take two bytes, and all become objects. */
const MAX_PIECES = 1_000_000;
/** Bytes that each of them counts for at the least. */
const PIECE = 16;

/** Where a connection stands in its handshake: what it may say, and what is worth decoding. */
export interface Stage {
  /** The document is open, so that the client can have heard what the server holds. */
  open: boolean;
  /** Step 2 has come: changes are read from now on, and not decoded before. */
  whole: boolean;
}

/** Reads and checks a whole frame before Hocuspocus sees it. Throws MalformedFrame. */
export function readFrame(bytes: Uint8Array, documentName: string, stage: Stage): Frame {
  try {
    const decoder = decoding.createDecoder(bytes);
    if (decoding.readVarString(decoder) !== documentName) throw new MalformedFrame('another document');
    const frame = readBody(decoder, decoding.readVarUint(decoder), stage);
    if (decoding.hasContent(decoder)) throw new MalformedFrame('more than one message');
    return frame;
  } catch (error) {
    throw error instanceof MalformedFrame ? error : new MalformedFrame(`unreadable: ${String(error)}`);
  }
}

/** What a frame of so many bytes costs us, in bytes. */
export function weightOf(frame: Frame, bytes: number): number {
  if (frame.kind !== 'update') return bytes;
  let pieces = frame.structs.length;
  for (const ranges of frame.deletes.clients.values()) pieces += ranges.length;
  return Math.max(bytes, pieces * PIECE);
}

/** The numbers are Hocuspocus' MessageType. */
function readBody(decoder: decoding.Decoder, type: number, stage: Stage): Frame {
  switch (type) {
    case 0:
      return readSync(decoder, stage);
    case 1:
      return { kind: 'awareness', entries: readAwareness(decoding.readVarUint8Array(decoder)) };
    case 2:
      return readAuth(decoder);
    case 3:
      return { kind: 'query' };
    case 7:
      return { kind: 'goodbye' };
    default:
      throw new MalformedFrame(`type ${type}`);
  }
}

function readSync(decoder: decoding.Decoder, { open, whole }: Stage): Frame {
  const step = decoding.readVarUint(decoder);
  const payload = decoding.readVarUint8Array(decoder);
  if (step === 0) {
    if (payload.byteLength > MAX_VECTOR) throw new MalformedFrame('state vector too long');
    Y.decodeStateVector(payload);
    return { kind: 'state', vector: payload };
  }
  if (step !== 1 && step !== 2) throw new MalformedFrame(`sync step ${step}`);
  if (step === 2 && !whole) return { kind: 'early' };
  if (!open) throw new MalformedFrame('an answer to a question nobody asked');
  const decoded = Y.decodeUpdateV2(payload, BoundedDecoder);
  const fault = irregularity(payload, decoded);
  if (fault) throw new MalformedFrame(fault);
  return { kind: 'update', update: payload, structs: decoded.structs, deletes: decoded.ds };
}

/** Reads updates in V1 encoding, and gives up before they fill the memory. */
class BoundedDecoder extends Y.UpdateDecoderV1 {
  #left = MAX_PIECES;

  override readInfo(): number {
    this.#count();
    return super.readInfo();
  }

  override readDsClock(): number {
    this.#count();
    return super.readDsClock();
  }

  #count(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new MalformedFrame('more structs than a page has');
  }
}

function readAuth(decoder: decoding.Decoder): Frame {
  if (decoding.readVarUint(decoder) !== 0) throw new MalformedFrame('auth of another kind');
  const token = decoding.readVarString(decoder);
  const version = decoding.hasContent(decoder) ? decoding.readVarString(decoder) : '';
  if (token.length > MAX_TOKEN || version.length > MAX_TOKEN) throw new MalformedFrame('token too long');
  return { kind: 'auth' };
}

function readAwareness(bytes: Uint8Array): AwarenessEntry[] {
  const decoder = decoding.createDecoder(bytes);
  const count = decoding.readVarUint(decoder);
  if (count > MAX_STATES) throw new MalformedFrame(`${count} awareness states`);
  const entries = Array.from({ length: count }, () => {
    const clientId = decoding.readVarUint(decoder);
    decoding.readVarUint(decoder);
    return { clientId, state: readState(decoding.readVarString(decoder)) };
  });
  if (decoding.hasContent(decoder)) throw new MalformedFrame('awareness with a tail');
  return entries;
}

function readState(json: string): Record<string, unknown> | null {
  if (json.length > MAX_STATE) throw new MalformedFrame('awareness state too long');
  const state: unknown = JSON.parse(json);
  if (state === null) return null;
  if (typeof state !== 'object' || Array.isArray(state))
    throw new MalformedFrame('awareness state is no object');
  const known = Object.entries(state).filter(([field]) => AWARENESS_FIELDS.some((name) => name === field));
  return Object.fromEntries(
    known.map(([field, value]) => [field, field === 'cursor' ? cursorOf(value) : value]),
  );
}

/** A caret as the editor draws it, or null: anything else would throw in everybody else's editor. */
function cursorOf(value: unknown): unknown {
  if (!isObject(value)) return null;
  const [anchor, head] = [positionOf(value['anchor']), positionOf(value['head'])];
  return anchor && head && { anchor, head };
}

/** A Yjs relative position as JSON, in the one type that a document has; made anew, so that nothing rides along. */
function positionOf(value: unknown): object | null {
  if (!isObject(value)) return null;
  const [type, item] = [placeOf(value['type']), placeOf(value['item'])];
  const [tname, assoc] = [value['tname'] ?? null, value['assoc'] ?? 0];
  const named = tname === null || tname === DOCUMENT_ROOT;
  if (type === undefined || item === undefined || !named || !Number.isInteger(assoc)) return null;
  return type || item || tname ? { type, tname, item, assoc } : null;
}

/** An id; null for none, undefined for what is no id. */
function placeOf(value: unknown): { client: number; clock: number } | null | undefined {
  if (value === null || value === undefined) return null;
  if (!isObject(value)) return undefined;
  const { client, clock } = value as { client: number; clock: number };
  return [client, clock].every((part) => Number.isSafeInteger(part) && part >= 0)
    ? { client, clock }
    : undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
