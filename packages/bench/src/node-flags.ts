import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '../../../apps/engawa/boot/node-flags.json');

/** What `npm start` tells Node when it runs the program: ours runs here as it runs there. */
export const NODE_FLAGS = JSON.parse(readFileSync(FILE, 'utf8')) as string[];
