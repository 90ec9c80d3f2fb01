/** Where a caret that stood at `at` in one text belongs in another that came of it by one change. */
export function carried(before: string, after: string, at: number): number {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  if (at <= start) return at;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return at >= before.length - end ? after.length - (before.length - at) : after.length - end;
}
