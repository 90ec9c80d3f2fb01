import * as encoding from 'lib0/encoding';

/** Hocuspocus' first message: the document's name, type 2 (auth), subtype 0 (token). */
export function authenticationMessage(documentName: string): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarString(encoder, documentName);
  encoding.writeVarUint(encoder, 2);
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarString(encoder, 'cookie');
  encoding.writeVarString(encoder, '4.8.0');
  return encoding.toUint8Array(encoder);
}
