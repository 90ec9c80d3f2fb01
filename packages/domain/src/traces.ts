import { isId } from '@engawa/schema';
import { DOORS } from './doors.ts';

/** What is said of a piece of work: ids and small numbers, never a name, a title or an address. */
export type Attributes = Record<string, string | number | boolean>;
/** Does work, and tells somebody how long it took and how it ended. */
export type Tracing = <T>(name: string, attributes: Attributes, work: () => T) => T;

let tracing: Tracing | null = null;

/** Has work traced from now on; called once, by a program that is configured for it. Null ends it. */
export function provideTracing(given: Tracing | null): void {
  tracing = given;
}

/** Does `work`, traced where that is configured. Everywhere else it is the call and nothing more. */
export function traced<T>(name: string, attributes: Attributes, work: () => T): T {
  return tracing ? tracing(name, attributes, work) : work();
}

// Any of them: what they take and give is kept by the type of the whole.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Verb = (...args: any[]) => unknown;

/** Doors, and the two ways of edits: into the journal and out of it. */
const TRACED = new Set([...DOORS.map(({ door }) => door), 'journal.append', 'journal.load']);

/** The same verbs, those that are doors traced as `<feature>.<verb>` with the ids that they were given. */
export function tracedVerbs<Verbs extends object>(feature: string, verbs: Verbs): Verbs {
  const wrapped = Object.entries(verbs).map(([name, verb]) => [
    name,
    TRACED.has(`${feature}.${name}`) ? wrap(`${feature}.${name}`, verb as Verb) : verb,
  ]);
  return Object.fromEntries(wrapped) as Verbs;
}

/** The verb as it was written, whether it is traced or not. */
export const bareVerb = (verb: unknown): unknown => (verb as { bare?: unknown })?.bare ?? verb;

function wrap(name: string, verb: Verb): Verb {
  const outer: Verb = (...args) =>
    tracing ? tracing(name, idsOf(args[1]), () => verb(...args)) : verb(...args);
  return Object.defineProperties(outer, { name: { value: verb.name }, bare: { value: verb } });
}

const IDS = ['id', 'itemId', 'spaceId', 'objectId', 'organisationId'];

/** Which object a verb was called on. Tokens, passwords and texts are not ids, and stay out. */
function idsOf(input: unknown): Attributes {
  if (typeof input === 'string') return isId(input) ? { 'engawa.id': input } : {};
  const given = (input ?? {}) as Record<string, unknown>;
  return Object.fromEntries(
    IDS.flatMap((key) => {
      const value = given[key];
      return typeof value === 'string' && isId(value) ? [[`engawa.${key}`, value]] : [];
    }),
  );
}
