import { randomBytes, randomFillSync } from 'node:crypto';
import { request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Client } from 'minio';

const MIB = 2 ** 20;
/** What a browser of ours sends at once. */
const CHUNK = 64 * MIB;
const noise = randomFillSync(Buffer.allocUnsafe(16 * MIB));

/** Bytes that do not compress, in the amounts in which a browser writes them to its socket. */
function* bytes(size: number): Generator<Buffer> {
  const piece = MIB / 4;
  for (let at = 0; at < size; at += piece) {
    const from = at % noise.length;
    yield noise.subarray(from, from + Math.min(piece, size - at));
  }
}

export interface Target {
  origin: string;
  token: string;
  spaceId: string;
}

/** Through the app, by tus, as a browser does it. Returns the file's id. */
export async function throughApp({ origin, token, spaceId }: Target, size: number): Promise<string> {
  const always = { 'tus-resumable': '1.0.0', cookie: `engawa_session=${token}`, origin };
  const metadata = { filename: `${randomBytes(8).toString('hex')}.bin`, spaceId };
  const created = await fetch(`${origin}/files/uploads`, {
    method: 'POST',
    headers: {
      ...always,
      'upload-length': String(size),
      'upload-metadata': Object.entries(metadata)
        .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
        .join(','),
    },
  });
  if (created.status !== 201) throw new Error(await created.text());
  const place = new URL(created.headers.get('location')!, origin);
  let item = '';
  for (let at = 0; at < size; at += CHUNK) {
    const most = Math.min(CHUNK, size - at);
    const answer = await patch(place, { ...always, 'upload-offset': String(at) }, most);
    item = String(answer.headers['engawa-item'] ?? '');
  }
  if (!item) throw new Error('All was sent, and there is no file.');
  return item;
}

function patch(place: URL, headers: Record<string, string>, size: number): Promise<IncomingMessage> {
  return new Promise((done, fail) => {
    const sent = request(place, {
      method: 'PATCH',
      headers: {
        ...headers,
        'content-type': 'application/offset+octet-stream',
        'content-length': String(size),
      },
    });
    sent.on('error', fail);
    sent.on('response', (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode === 204 ? done(answer) : fail(new Error(`The app said ${answer.statusCode}.`)),
      );
    });
    Readable.from(bytes(size), { objectMode: false, highWaterMark: MIB }).pipe(sent);
  });
}

/** Straight to the same store, by its own client, which sends a large stream in parts. */
export async function straight(url: string, size: number): Promise<void> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const client = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    accessKey: username,
    secretKey: password,
    partSize: 8 * MIB,
  });
  const body = Readable.from(bytes(size), { objectMode: false, highWaterMark: MIB });
  await client.putObject(pathname.slice(1), `bench/${randomBytes(16).toString('hex')}`, body, size);
}
