import { WebSocket } from 'ws';

/** What pages send while `run` is under way, frame by frame, beginning with the document's name. */
export async function recorded(name: string, run: () => Promise<void>): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = [];
  const send = WebSocket.prototype.send;
  // The pages of these tests are in this process, and the server writes to its sockets by itself.
  WebSocket.prototype.send = function record(this: WebSocket, data: unknown, ...rest: unknown[]) {
    if (data instanceof Uint8Array && Buffer.from(data).includes(name)) frames.push(data.slice());
    return Reflect.apply(send, this, [data, ...rest]) as void;
  } as typeof send;
  try {
    await run();
  } finally {
    WebSocket.prototype.send = send;
  }
  return frames;
}
