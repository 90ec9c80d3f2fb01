import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import type { Person } from './house.ts';
import { instance } from './instance.ts';

// Small real files, made here, and the shortest way to bring them into the vault: over the door that browsers use.

interface Wish {
  spaceId: string;
  name: string;
  content: Uint8Array | string;
  parentId?: string | null;
  /** The file that gets a new version. */
  itemId?: string;
}

/** Brings a file up by tus, in one piece; its item id. */
export async function putFile(by: Person, { name, content, ...place }: Wish): Promise<string> {
  const { origin } = instance();
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content);
  const always = { cookie: `engawa_session=${by.token}`, origin, 'tus-resumable': '1.0.0' };
  const metadata = Object.entries({ filename: name, ...place })
    .filter(([, value]) => value)
    .map(([key, value]) => `${key} ${Buffer.from(String(value)).toString('base64')}`);
  const opened = await fetch(`${origin}/files/uploads`, {
    method: 'POST',
    headers: { ...always, 'upload-length': String(bytes.byteLength), 'upload-metadata': metadata.join(',') },
  });
  if (opened.status !== 201) throw new Error(`${opened.status} ${await opened.text()}`);
  const there = opened.headers.get('engawa-item');
  if (there) return there;
  const sent = await fetch(new URL(opened.headers.get('location')!, origin), {
    method: 'PATCH',
    headers: { ...always, 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' },
    body: bytes,
  });
  const id = sent.headers.get('engawa-item');
  if (!id) throw new Error(`${sent.status} ${await sent.text()}`);
  return id;
}

let table: Map<string, number[]> | null = null;

/** Text in Shift_JIS: every double byte that there is, the other way round. */
export function shiftJis(text: string): Buffer {
  if (!table) {
    table = new Map();
    const decoder = new TextDecoder('shift_jis');
    for (let lead = 0x81; lead <= 0xfc; lead += lead === 0x9f ? 0x41 : 1) {
      for (let trail = 0x40; trail <= 0xfc; trail += 1) {
        const letter = decoder.decode(Uint8Array.of(lead, trail));
        if ([...letter].length === 1 && !table.has(letter)) table.set(letter, [lead, trail]);
      }
    }
  }
  return Buffer.from([...text].flatMap((letter) => table!.get(letter) ?? [letter.charCodeAt(0)]));
}

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  size.writeUInt32BE(data.byteLength);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([size, body, sum]);
}

/** A PNG of one colour; half of it is see-through. `bits: 1` holds a huge picture in a few bytes. */
export function png(width: number, height: number, bits: 1 | 8 = 8): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set(bits === 8 ? [8, 6] : [1, 0], 8);
  const row = Buffer.alloc(1 + (bits === 8 ? width * 4 : Math.ceil(width / 8)));
  if (bits === 8)
    for (let x = 0; x < width; x += 1) row.set([31, 74, 128, x < width / 2 ? 255 : 60], 1 + x * 4);
  const rows = Buffer.concat(Array<Buffer>(height).fill(row));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A second of a quiet tone. */
export function wav(seconds = 1): Buffer {
  const samples = Buffer.alloc(8000 * seconds);
  for (let at = 0; at < samples.length; at += 1) samples[at] = 128 + Math.round(20 * Math.sin(at / 3));
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

function rc4(key: Uint8Array, data: Uint8Array): Buffer {
  const state = Array.from({ length: 256 }, (_, at) => at);
  const swap = (a: number, b: number): void => void ([state[a], state[b]] = [state[b]!, state[a]!]);
  for (let i = 0, j = 0; i < 256; i += 1) {
    j = (j + state[i]! + key[i % key.length]!) % 256;
    swap(i, j);
  }
  let [i, j] = [0, 0];
  return Buffer.from(
    data.map((byte) => {
      i = (i + 1) % 256;
      j = (j + state[i]!) % 256;
      swap(i, j);
      return byte ^ state[(state[i]! + state[j]!) % 256]!;
    }),
  );
}

const md5 = (...parts: Uint8Array[]) => createHash('md5').update(Buffer.concat(parts)).digest();
const PADDING = Buffer.from('28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A', 'hex');
const ID = Buffer.alloc(16, 7);

/** Revision 2 of the standard handler: 40 bits, which nobody should use any more, but every reader opens. */
function locked(password: string) {
  const padded = Buffer.concat([Buffer.from(password, 'latin1'), PADDING]).subarray(0, 32);
  const owner = rc4(md5(padded).subarray(0, 5), padded);
  const rights = Buffer.from([0xfc, 0xff, 0xff, 0xff]);
  const key = md5(padded, owner, rights, ID).subarray(0, 5);
  const keyOf = (object: number) => md5(key, Buffer.from([object, 0, 0, 0, 0])).subarray(0, 10);
  return {
    dictionary: `<< /Filter /Standard /V 1 /R 2 /P -4 /O <${owner.toString('hex')}> /U <${rc4(key, PADDING).toString('hex')}> >>`,
    stream: (object: number, data: Buffer) => rc4(keyOf(object), data),
  };
}

/**
 * A PDF with one line a page, in 明朝 that is not in the file, written in Shift_JIS: a reader needs the tables of
 * characters to make letters of it.
 */
export function pdf(pages: string[], { password = '' } = {}): Buffer {
  const lock = password ? locked(password) : null;
  const objects: Buffer[] = [];
  const add = (text: string | Buffer): number => objects.push(Buffer.from(text));
  // Strings are locked like streams, those of object 4 here.
  const words = (text: string): string =>
    lock ? `<${lock.stream(4, Buffer.from(text)).toString('hex')}>` : `(${text})`;
  const kids = pages.map((_, at) => `${6 + at * 2} 0 R`).join(' ');
  add('<< /Type /Catalog /Pages 2 0 R >>');
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  add(
    '<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /90ms-RKSJ-H /DescendantFonts [4 0 R] >>',
  );
  add(
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /DW 1000 /FontDescriptor 5 0 R ' +
      `/CIDSystemInfo << /Registry ${words('Adobe')} /Ordering ${words('Japan1')} /Supplement 2 >> >>`,
  );
  add(
    '<< /Type /FontDescriptor /FontName /Ryumin-Light /Flags 6 /ItalicAngle 0 /Ascent 880 /Descent -120 ' +
      '/CapHeight 709 /StemV 69 /FontBBox [-170 -331 1024 903] >>',
  );
  for (const line of pages) {
    const content = objects.length + 2;
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 595] /Contents ${content} 0 R ` +
        '/Resources << /Font << /F1 3 0 R >> >> >>',
    );
    const text = Buffer.from(`BT /F1 24 Tf 40 520 Td <${shiftJis(line).toString('hex')}> Tj ET`);
    const data = lock ? lock.stream(content, text) : text;
    add(
      Buffer.concat([
        Buffer.from(`<< /Length ${data.length} >>\nstream\n`),
        data,
        Buffer.from('\nendstream'),
      ]),
    );
  }
  const encrypt = lock ? `/Encrypt ${add(lock.dictionary)} 0 R ` : '';
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n%\u00e2\u00e3\n', 'latin1')];
  const offsets: number[] = [];
  for (const [at, object] of objects.entries()) {
    offsets.push(Buffer.concat(parts).length);
    parts.push(Buffer.from(`${at + 1} 0 obj\n`), object, Buffer.from('\nendobj\n'));
  }
  const start = Buffer.concat(parts).length;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const id = ID.toString('hex');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n` +
        `<< /Size ${objects.length + 1} /Root 1 0 R ${encrypt}/ID [<${id}> <${id}>] >>\nstartxref\n${start}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}
