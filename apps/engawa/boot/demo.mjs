// `npm run demo`: fills a fresh instance with a believable world and prints who can sign in.
import { prepare } from './prepare.mjs';
import { runEngawa } from './run.mjs';

runEngawa(await prepare({ web: false }), ['demo', ...process.argv.slice(2)]);
