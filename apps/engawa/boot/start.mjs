// `npm start`: installs and builds what is missing, then runs Engawa. Arguments go to the program.
import { prepare } from './prepare.mjs';
import { runEngawa } from './run.mjs';

const args = process.argv.slice(2);
const command = args.find((arg) => !arg.startsWith('-')) ?? 'start';
const pages =
  ['start', 'web', 'sync', 'worker'].some((name) => command.includes(name)) &&
  !args.includes('--help') &&
  !args.includes('-h');
runEngawa(await prepare({ web: pages }), args);
