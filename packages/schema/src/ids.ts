import * as v from 'valibot';
import { v7 } from 'uuid';

/** A new identifier: UUID version 7, so that ids sort by the time they were made (RFC 9562). */
export function newId(): string {
  return v7();
}

/** An identifier as it arrives from outside: any UUID, in lower case. */
export const Id = v.pipe(v.string(), v.toLowerCase(), v.uuid());

/** True when the text can be an identifier; what cannot be one is answered as not found. */
export function isId(text: unknown): text is string {
  return v.is(Id, text);
}
