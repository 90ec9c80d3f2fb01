import { toHiragana } from '@engawa/schema';

/** Folds what people type and what things are called to one form: width, case, and katakana to hiragana. */
export function fold(text: string): string {
  return toHiragana(text).toLowerCase().replace(/\s+/gu, ' ').trim();
}

/**
 * Those whose name holds every word that was typed, best first: names that begin with it before names that hold it,
 * short before long. Nothing typed: as they come.
 */
export function findByName<T extends { name: string }>(all: T[], typed: string, limit = 12): T[] {
  const words = fold(typed).split(' ').filter(Boolean);
  if (words.length === 0) return all.slice(0, limit);
  const [first = ''] = words;
  return all
    .map((thing) => ({ thing, name: fold(thing.name) }))
    .filter(({ name }) => words.every((word) => name.includes(word)))
    .sort(
      (a, b) =>
        Number(b.name.startsWith(first)) - Number(a.name.startsWith(first)) || a.name.length - b.name.length,
    )
    .slice(0, limit)
    .map(({ thing }) => thing);
}

/** Named groups in which nothing stands twice, cut where the list grows too long; empty ones are left out. */
export function groupsOf<T extends { id: string }>(
  groups: { label: string; found: T[] }[],
  limit: number,
): { label: string; found: T[] }[] {
  const seen = new Set<string>();
  return groups
    .map(({ label, found }) => ({
      label,
      found: found.filter(({ id }) => seen.size < limit && !seen.has(id) && seen.add(id)),
    }))
    .filter(({ found }) => found.length > 0);
}
