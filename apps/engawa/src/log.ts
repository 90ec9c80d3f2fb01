import { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { pino, type Logger } from 'pino';

const NAMES: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/**
 * The log goes to stderr: one JSON object a line for machines, plain lines for a person at a terminal.
 * stdout is for what the program says to people (the address, the set-up link).
 */
export function openLog(level: string, name: string): Logger {
  const options = {
    level,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['req.headers', '*.password', '*.token'],
  };
  return process.stderr.isTTY
    ? pino(options, new Pretty())
    : pino(options, pino.destination({ dest: 2, sync: true }));
}

class Pretty extends Writable {
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    process.stderr.write(prettyLine(chunk.toString()));
    done();
  }
}

/** `13:55:01 warn  worker  It ended … pid=7`. A stack stands below its line. */
export function prettyLine(json: string): string {
  const { level, time, name, msg, err, ...rest } = JSON.parse(json);
  const color = level >= 50 ? 'red' : level >= 40 ? 'yellow' : 'dim';
  const clock = new Date(time).toLocaleTimeString('sv');
  const details = Object.entries(rest).map(
    ([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const stack = err?.stack ? `\n${err.stack}` : '';
  return `${styleText('dim', clock)} ${styleText(color, `${NAMES[level] ?? level}`.padEnd(5))} ${styleText('dim', name)}  ${msg ?? ''}${styleText('dim', details.join(''))}${stack}\n`;
}
