import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';

const LONGEST = 200;
const KEY = /^[A-Za-z][0-9A-Za-z]*$/;
const LOWEST = `A${'0'.repeat(26)}`;

/** Whether a value is a key the fractional index can put others beside: its head gives the length of its whole part. */
export function isOrder(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > LONGEST || !KEY.test(value)) return false;
  const head = value.charCodeAt(0);
  const whole = head >= 97 ? head - 95 : 92 - head;
  if (value.length < whole || value === LOWEST) return false;
  return value.length === whole || !value.endsWith('0');
}

/** `count` keys in order between two others; null is the bottom or the top of the board. */
export function ordersBetween(below: string | null, above: string | null, count: number): string[] {
  // Two people may have put elements at the same place: nothing fits between equal keys, so we go above both.
  const top = above !== null && below !== null && above <= below ? null : above;
  const keys = generateNKeysBetween(below, top, count);
  return keys.every((key) => key.length <= LONGEST) ? keys : respread(below, count);
}

/** Only after thousands of moves to one place: leave the crowded place upwards. */
function respread(below: string | null, count: number): string[] {
  const keys: string[] = [];
  let last = below === null ? null : generateKeyBetween(below.slice(0, 2), null);
  for (let made = 0; made < count; made += 1) keys.push((last = generateKeyBetween(last, null)));
  return keys;
}
