interface Told {
  sentence: string;
  actorName: string | null;
}

/** Events that say the same of the same person, one after another, told once: the newest, and how many there were. */
export function runsOf<T extends Told>(events: T[]): (T & { times: number })[] {
  const runs: (T & { times: number })[] = [];
  for (const event of events) {
    const last = runs.at(-1);
    if (last && last.sentence === event.sentence && last.actorName === event.actorName) last.times += 1;
    else runs.push({ ...event, times: 1 });
  }
  return runs;
}
