// The one program people start. `node apps/engawa/src/main.ts --help` says what it can do.
import { parseArgs } from 'node:util';
import { migrate } from '@engawa/db';
import { provideServices, resetLink } from '@engawa/domain';
import { EngawaError } from '@engawa/schema';
import { backupCommand, restoreCommand } from './backups/commands.ts';
import { readConfig, type Config, type Role } from './config.ts';
import { withDatabase } from './database.ts';
import { demo } from './demo/demo.ts';
import { doctor } from './doctor/doctor.ts';
import { holderOf } from './lock.ts';
import { makeServices } from './provide.ts';
import { runUntilStopped } from './signals.ts';
import { start } from './start.ts';
import { Stop } from './stop.ts';

const HELP = `縁側 Engawa

  npm start                               start everything on one port
  npm start -- --lan                      also for phones in this room: prints an address and a QR code
  npm start -- web | sync | worker        start only this part (needs DATABASE_URL and ENGAWA_KEY); of
                                          sync there may be several, which meet at VALKEY_URL
  npm start -- --roles web,sync           start only these parts, in one process
  npm start -- dev                        with hot reload, for working on Engawa itself (pnpm dev)
  npm start -- migrate                    bring the database up to date and end
  npm start -- doctor                     try every part, and say what is wrong and what to do
  npm start -- backup <folder>            write a backup there, also while Engawa runs
  npm start -- restore <folder>           put one into an empty database and an empty file store
  npm start -- reset-password <e-mail>    print a link at which that person sets a new password
  npm run demo                            fill a fresh instance, also a running one, with a believable world

Settings are environment variables:
  PORT (3000)  HOST (localhost)  ORIGIN (http://localhost:3000)  DATABASE_URL  STORAGE_URL  VALKEY_URL
  SMTP_URL  MAIL_FROM  ENGAWA_KEY  ENGAWA_DATA (.engawa)  LOG_LEVEL (info)  PROXIES (0)  METRICS_TOKEN
  OTEL_EXPORTER_OTLP_ENDPOINT, and the standard variables beside it, send traces
`;

type Command = (config: Config, args: string[]) => Promise<void>;

const run: Command = (config) => runUntilStopped(() => start(config, 'built'));
/** Commands that start one part. */
const ALONE: Record<Role, Command> = { web: run, sync: run, worker: run };

const COMMANDS: Record<string, Command> = {
  start: run,
  ...ALONE,
  dev: (config) => runUntilStopped(() => start(config, 'development')),
  migrate: (config) =>
    withDatabase(config, async (sql) => {
      const applied = await migrate(sql);
      console.log(applied.length > 0 ? `Applied: ${applied.join(', ')}.` : 'The database is up to date.');
    }),
  backup: backupCommand,
  restore: restoreCommand,
  demo: (config) => withDatabase(config, (sql) => demo(atRunning(config), sql)),
  'reset-password': (config, [email]) => {
    if (!email) throw new Stop('Whose password? Say: reset-password <e-mail>.');
    return withDatabase(config, async (sql) => {
      const services = makeServices(atRunning(config), sql);
      provideServices(services);
      console.log(`Within an hour, open once:\n${await resetLink(services, email)}`);
    });
  },
};

/** A link is printed at the address of the Engawa that runs on this folder, whatever PORT this shell has. */
function atRunning(config: Config): Config {
  return { ...config, origin: holderOf(config.data)?.origin ?? config.origin };
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help) return console.log(HELP);
  const [name = 'start', ...args] = positionals;
  if (name === 'doctor') return doctor(process.env);
  const command = COMMANDS[name];
  if (!command)
    throw new Stop(`There is no command "${name}". \`npm start -- --help\` shows those there are.`);
  await command(readConfig(process.env, name in ALONE ? { ...values, roles: name } : values), args);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { lan: { type: 'boolean' }, roles: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    throw new Stop(
      `${(error as Error).message.split('. ')[0]}. \`npm start -- --help\` shows what there is.`,
    );
  }
}

try {
  await main();
} catch (error) {
  // People get a sentence; only what nobody foresaw comes with its stack.
  if (error instanceof Stop) console.error(error.message);
  else if (error instanceof EngawaError) console.error(error.message);
  else console.error(error);
  process.exit(1);
}
