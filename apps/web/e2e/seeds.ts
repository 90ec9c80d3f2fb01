import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SEEDS = new URL('../../../../shared/seeds/', import.meta.url).pathname;
const DEMO = new URL('../../engawa/demo/', import.meta.url).pathname;

/**
 * About 30 kB of real Japanese: the public document that the product answers to where it lies beside the
 * checkout, else the demo's own documents until there is as much.
 */
export function longText(): string {
  if (existsSync(SEEDS)) {
    const name = readdirSync(SEEDS).sort()[0];
    if (name) return readFileSync(join(SEEDS, name), 'utf8');
  }
  const texts = readdirSync(DEMO, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => readFileSync(join(DEMO, name), 'utf8'));
  let text = '';
  while (Buffer.byteLength(text) < 30_000) text += texts.join('\n\n');
  return text;
}
