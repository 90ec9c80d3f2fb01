// Other pages of the same browser see by a lock of that name that an upload is not asleep. Without https there are no
// locks, and such an upload may be listed in both; whoever goes on with it first has it.
const held = new Set<string>();

export function holdName(url: string): void {
  if (!navigator.locks || held.has(url)) return;
  held.add(url);
  // Until this page goes.
  void navigator.locks.request(url, { mode: 'shared' }, () => new Promise(() => {}));
}

export async function runningElsewhere(): Promise<Set<string>> {
  const locks = await navigator.locks?.query();
  return new Set(locks?.held?.flatMap(({ name }) => (name && !held.has(name) ? [name] : [])));
}
