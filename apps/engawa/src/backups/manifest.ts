import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { pipeline } from 'node:stream/promises';
import * as v from 'valibot';
import type { StoredObject } from '@engawa/domain';
import { Stop } from '../stop.ts';

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const name = v.pipe(v.string(), v.regex(/^[a-z0-9_.-]+$/));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const Manifest = v.object({
  format: v.literal(1),
  /** The version of Engawa that wrote it. */
  engawa: v.string(),
  /** The moment everything in it is of. */
  point: v.pipe(v.string(), v.isoTimestamp()),
  migrations: v.array(v.object({ name, sha256 })),
  tables: v.array(v.object({ name, columns: v.array(name), rows: count, file: name, sha256 })),
  /** `objects.sha256` lists them, as `sha256sum -c` reads it. */
  objects: v.object({
    count,
    bytes: count,
    sha256,
    /** Keys that the database refers to and the store did not have, or not with their SHA-256. */
    missing: v.array(v.string()),
  }),
  /** Tells one ENGAWA_KEY from another, and nothing of it. */
  key: v.string(),
});

/** What a backup says of itself. It is written last: a folder without one is no backup. */
export type Manifest = v.InferOutput<typeof Manifest>;

export const TABLES = 'tables';
export const OBJECTS = 'objects';
export const LIST = 'objects.sha256';
const FILE = 'manifest.json';

export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const file = await open(join(folder, FILE), 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Reads a backup's manifest and checks the tables and the list against it. Throws Stop when it is not whole. */
export async function openBackup(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => {
    throw new Stop(`${folder} is no finished backup: it holds no ${FILE}.`);
  });
  const parsed = v.safeParse(Manifest, parse(text));
  if (!parsed.success)
    throw new Stop(`${join(folder, FILE)} is damaged, or was written by another version of Engawa.`);
  const manifest = parsed.output;
  const files = manifest.tables.map((table) => [join(TABLES, table.file), table.sha256] as const);
  for (const [path, expected] of [...files, [LIST, manifest.objects.sha256] as const]) {
    const found = await sha256OfFile(join(folder, path)).catch(() => null);
    if (found !== expected)
      throw new Stop(
        `The backup is damaged: ${path} is ${found ? 'not what was written' : 'missing'}. Take another one.`,
      );
  }
  return manifest;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** The objects of a backup, from its list. */
export async function* listedObjects(folder: string): AsyncGenerator<StoredObject> {
  for await (const line of createInterface({ input: createReadStream(join(folder, LIST)) })) {
    const [hash = '', path = ''] = line.split('  ');
    yield { sha256: hash, key: path.slice(OBJECTS.length + 1) };
  }
}

export const listLine = ({ key, sha256: hash }: StoredObject) => `${hash}  ${OBJECTS}/${key}\n`;
