import * as v from 'valibot';

const segmenter = new Intl.Segmenter('ja', { granularity: 'grapheme' });

/** Characters as a reader counts them: 𠮷, a flag and a family emoji are one each. */
export function countGraphemes(text: string): number {
  let count = 0;
  for (const _ of segmenter.segment(text)) count += 1;
  return count;
}

/** Marks, embeddings and overrides that turn the direction of the text around them, and invisible separators. */
const DIRECTION_AND_INVISIBLE = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;
const WHITESPACE_AND_CONTROL = /[\s\p{Cc}\u2028\u2029]+/gu;
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cs}\p{M}\u2800]/u;

/**
 * One line as people write it: NFC (so 𠮷 and 髙 stay themselves), no control characters, nothing that could turn
 * or hide the text beside it, single spaces. Joiners stay: emoji and several scripts need them.
 */
export function cleanLine(text: string): string {
  return text
    .normalize('NFC')
    .replace(DIRECTION_AND_INVISIBLE, '')
    .replace(WHITESPACE_AND_CONTROL, (run) => (run.includes('\u3000') ? '\u3000' : ' '))
    .replace(PILED_MARKS, '$1')
    .trim();
}

/** Katakana (also half-width) to hiragana: ふりがな is stored one way, so that it sorts and is found one way. */
export function toHiragana(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u30a1-\u30f6]/gu, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));
}

/** A name or title on one line. `prefix` names the error codes: `<prefix>.empty`, `.too_long`, `.broken`. */
export function line(prefix: string, max: number) {
  return v.pipe(
    v.string(`${prefix}.empty`),
    v.check((text) => text.length <= 20_000, `${prefix}.too_long`),
    v.check((text) => text.isWellFormed(), `${prefix}.broken`),
    v.transform(cleanLine),
    v.check((text) => VISIBLE.test(text), `${prefix}.empty`),
    v.check((text) => text.length <= max * 12 && countGraphemes(text) <= max, `${prefix}.too_long`),
  );
}

/** As `line`, or nothing: what has no visible character becomes empty. */
export function optionalLine(prefix: string, max: number) {
  return v.optional(
    v.pipe(
      v.string(`${prefix}.invalid`),
      v.check((text) => text.length <= 20_000, `${prefix}.too_long`),
      v.check((text) => text.isWellFormed(), `${prefix}.broken`),
      v.transform(cleanLine),
      v.transform((text) => (VISIBLE.test(text) ? text : '')),
      v.check((text) => text.length <= max * 12 && countGraphemes(text) <= max, `${prefix}.too_long`),
    ),
    '',
  );
}

/** Several lines, each kept; the same characters are taken out as in `line`. */
export function paragraph(prefix: string, max: number) {
  return v.pipe(
    v.string(),
    v.check((text) => text.length <= max * 12, `${prefix}.too_long`),
    v.check((text) => text.isWellFormed(), `${prefix}.broken`),
    v.transform((text) =>
      text
        .split(/\r\n|[\r\n\u2028\u2029]/u)
        .map(cleanLine)
        .join('\n')
        .trim(),
    ),
    v.check((text) => countGraphemes(text) <= max, `${prefix}.too_long`),
  );
}

/** A person's or an organisation's name. */
export const Name = line('name', 100);

/** ふりがな: hiragana after normalising; Latin letters for names that have no reading. May be empty. */
export const Kana = v.pipe(
  optionalLine('kana', 100),
  v.transform((text) => cleanLine(toHiragana(text))),
  v.check(
    (text) => /^[\p{Script=Hiragana}\p{Script=Latin}\p{M}\p{N}ー・゠'’.,()&\-\s]*$/u.test(text),
    'kana.not_kana',
  ),
);

/** A post (役職・担当), which may be empty. */
export const Post = optionalLine('post', 100);

/**
 * A mail address, normalised: NFKC (full-width ＠ and letters become plain), lower case, trimmed, at most 254 characters.
 * ASCII only, so that two addresses that look the same are the same.
 */
export const Email = v.pipe(
  v.string('email.empty'),
  v.check((text) => text.length <= 2000, 'email.too_long'),
  v.transform((text) => text.normalize('NFKC').trim().toLowerCase()),
  v.check((text) => text !== '', 'email.empty'),
  v.check((text) => text.length <= 254, 'email.too_long'),
  v.check(
    (text) =>
      /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(
        text,
      ) && text.indexOf('@') <= 64,
    'email.invalid',
  ),
);

/** Whether people, and the database, can mean this moment. */
function isInCalendar(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year >= 1900 && year <= 2999;
}

/** A day as a form sends it, `2026-11-20`; it means the day in the organisation's zone. */
export const Day = v.pipe(
  v.string('day.invalid'),
  v.regex(/^\d{4}-\d{2}-\d{2}$/, 'day.invalid'),
  v.check((text) => {
    const day = new Date(`${text}T00:00:00Z`);
    return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) && isInCalendar(day);
  }, 'day.invalid'),
);

/** A last day: as a form sends it, or any moment of that day. The domain turns it into 23:59:59 of that day. */
export const LastDay = v.union(
  [Day, v.pipe(v.date('day.invalid'), v.check(isInCalendar, 'day.invalid'))],
  'day.invalid',
);
