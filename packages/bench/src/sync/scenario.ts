import type { Contestant } from './contestants.ts';
import type { Crowd, Seen } from './crowd.ts';
import type { World } from './world.ts';

/** One number of a table. `ratio`: also given as a multiple of y-websocket's. */
export interface Metric {
  key: string;
  label: string;
  digits: number;
  ratio?: boolean;
}

/** What one run gave, by the keys of the scenario's metrics. */
export type Measured = Record<string, number>;

/** What a run has at hand. */
export interface Stage {
  world: World;
  /** The `node_modules` of the peers. */
  peers: string;
  quick: boolean;
  timeLeft(): boolean;
  /** Notes what makes this run less to be trusted: lost or doubled deliveries, a generator at its limit. */
  check(seen: Seen, crowd: Crowd): void;
  note(said: string): void;
}

/** Something that is measured of everybody in turn. */
export interface Scenario {
  name: string;
  about: string;
  metrics: Metric[];
  takes(contestant: Contestant): boolean;
  run(contestant: Contestant, stage: Stage): Promise<Measured>;
}
