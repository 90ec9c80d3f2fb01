import { CAPABILITIES, type Abilities, type Capability } from '@engawa/schema';

/** The bit of a capability. Bits are stored in grants, so their order never changes. */
export function bit(capability: Capability): number {
  return 1 << CAPABILITIES.indexOf(capability);
}

/** The mask that holds exactly these capabilities. */
export function maskOf(...capabilities: Capability[]): number {
  return capabilities.reduce((mask, capability) => mask | bit(capability), 0);
}

/** Everything there is. */
export const ALL = maskOf(...CAPABILITIES);

/** Whether the mask allows it. This is the whole rule: what a mask does not hold is not allowed. */
export function can(mask: number, capability: Capability): boolean {
  return (mask & bit(capability)) !== 0;
}

const known = new Map<number, Abilities>();

/**
 * The flags that a row carries to the page: one object for each mask, so that ten thousand rows are sent with one
 * set of flags.
 */
export function abilities(mask: number): Abilities {
  let flags = known.get(mask);
  if (!flags) {
    flags = Object.fromEntries(CAPABILITIES.map((name) => [name, can(mask, name)])) as Abilities;
    known.set(mask, Object.freeze(flags));
  }
  return flags;
}

/** Whether `mask` holds all of `other`: nobody grants more than they hold. */
export function covers(mask: number, other: number): boolean {
  return (mask & other) === other;
}
