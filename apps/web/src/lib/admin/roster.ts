import { toHiragana, type AffiliationRow, type OrganisationPerson } from '@engawa/schema';

const ROWS = ['あ', 'か', 'さ', 'た', 'な', 'は', 'ま', 'や', 'ら', 'わ'];
// The first letter of each row after あ, in the order of the code table; ぁ and ゎ count with their rows.
const STARTS = ['か', 'さ', 'た', 'な', 'は', 'ま', 'ゃ', 'ら', 'ゎ'];

/** The heading of the syllabary under which a reading stands: あ, か, さ …; empty for what has no reading. */
export function rowOf(kana: string): string {
  const first = kana.normalize('NFC').charAt(0);
  if (!/[ぁ-ゖ]/.test(first)) return '';
  if (first === 'ゔ') return 'あ';
  if (first === 'ゕ' || first === 'ゖ') return 'か';
  return ROWS[STARTS.filter((start) => first >= start).length] ?? '';
}

export interface RosterPart {
  /** あ, か, さ …; `other` for what has no reading, `past` for those who belong no more. */
  row: string;
  people: OrganisationPerson[];
}

/** People under the headings of the syllabary, in the order in which they come; at the end those that fit under none. */
export function rosterOf(people: OrganisationPerson[], now: Date = new Date()): RosterPart[] {
  const parts = new Map<string, OrganisationPerson[]>(ROWS.map((row) => [row, []]));
  parts.set('other', []).set('past', []);
  for (const person of people) {
    const belongs = person.affiliations.some((row) => ['now', 'future'].includes(standing(row, now)));
    parts.get(belongs ? rowOf(person.kana) || 'other' : 'past')?.push(person);
  }
  return [...parts]
    .map(([row, members]) => ({ row, people: members }))
    .filter((part) => part.people.length > 0);
}

/** Those in whose name, reading, address, group or post every word of the query occurs. */
export function matching(people: OrganisationPerson[], query: string): OrganisationPerson[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return people;
  return people.filter((person) => {
    const posts = person.affiliations.flatMap((row) => [row.group?.name ?? '', row.post]);
    const text = fold([person.name, person.kana, person.email, ...posts].join(' '));
    return words.every((word) => text.includes(word));
  });
}

/** Full and half width, case and katakana are one when looking for somebody. */
function fold(text: string): string {
  return toHiragana(text).toLowerCase();
}

export type Standing = 'now' | 'future' | 'past' | 'cancelled';

/** Whether an affiliation is of today, begins later, has ended, or was ended before it began. */
export function standing(row: Pick<AffiliationRow, 'from' | 'until'>, now: Date = new Date()): Standing {
  if (row.until && row.until <= row.from) return 'cancelled';
  if (row.from > now) return 'future';
  return row.until && row.until <= now ? 'past' : 'now';
}
