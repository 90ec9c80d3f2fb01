import {
  command,
  form,
  getRequestEvent,
  query,
  requested,
  type RemoteForm,
  type RemoteFormInput,
  type RemoteQueryFunction,
} from '$app/server';
import { invalid, redirect } from '@sveltejs/kit';
import { createCtx, type Ctx } from '@engawa/domain';
import { EngawaError, Unauthenticated } from '@engawa/schema';
import type * as v from 'valibot';
import { errorText } from './errors.ts';

// Every remote function of the app is made here: it builds the context of the caller and turns the anonymous away.
// Remote functions are still experimental in SvelteKit 3.2; were they to go, only this file and its callers' imports change.

type Schema = v.GenericSchema | v.GenericSchemaAsync;
type Verb<S extends Schema, Out> = (ctx: Ctx, input: v.InferOutput<S>) => Promise<Out>;
// Without the index signature of RemoteFormInput, so that every field is known to be there.
type FormInput<S extends Schema> = v.InferInput<S> extends RemoteFormInput ? v.InferInput<S> : never;

/** The context of whoever asks, nobody included. For public doors and `+server.ts`. */
export function anyone(): Ctx {
  const { locals } = getRequestEvent();
  locals.asked = true;
  return createCtx(locals.caller);
}

/** The context of the signed-in person. Throws Unauthenticated for nobody. */
export function signedIn(): Ctx {
  const ctx = anyone();
  if (ctx.caller.kind === 'anonymous') throw new Unauthenticated();
  return ctx;
}

/** A question: fetched on the server while the page is rendered, refreshed by the page when news comes. */
export function read<S extends Schema, Out>(schema: S, verb: Verb<S, Out>) {
  return query(schema, (input) => verb(signedIn(), input));
}

/** A question anybody may ask. */
export function publicRead<S extends Schema, Out>(schema: S, verb: Verb<S, Out>) {
  return query(schema, (input) => verb(anyone(), input));
}

/** A stream of answers, for what must be shown as it happens. */
export function watch<S extends Schema, Out>(
  schema: S,
  verb: (ctx: Ctx, input: v.InferOutput<S>) => AsyncIterable<Out>,
) {
  return query.live(schema, (input) => verb(signedIn(), input));
}

// Any of them: what a query asks and answers does not matter to sending it along.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Question = RemoteQueryFunction<any, any, any>;

/** How many answers of one query a page may want anew at once; an honest page shows a handful. */
const MOST_FRESH = 50;

/**
 * A deed done by a script on the page: optimistic, undoable. Of the queries in `fresh`, the answer carries anew what the
 * page shows and names in `.updates(…)`: one round trip, and nothing is kept for pages that are not open.
 */
export function act<S extends Schema, Out>(schema: S, verb: Verb<S, Out>, fresh: Question[] = []) {
  return command(schema, async (input) => {
    const done = await verb(signedIn(), input);
    await bringAnew(fresh);
    return done;
  });
}

async function bringAnew(fresh: Question[]): Promise<void> {
  await Promise.all(fresh.map((question) => requested(question, MOST_FRESH).refreshAll()));
}

/**
 * A form: works without JavaScript, and an error keeps what was typed. The page asks everything it shows again, or has
 * what it names of `fresh` in the answer, as with `act`.
 */
export function write<S extends Schema, Out>(
  schema: S,
  verb: Verb<S, Out>,
  fresh: Question[] = [],
): RemoteForm<FormInput<S>, Out> {
  return toForm(schema, verb, signedIn, fresh);
}

/** A form anybody may send. */
export function publicWrite<S extends Schema, Out>(
  schema: S,
  verb: Verb<S, Out>,
): RemoteForm<FormInput<S>, Out> {
  return toForm(schema, verb, anyone, []);
}

/**
 * Where a form leads: a page without script is redirected. One with script is told, and goes there by itself. It names
 * in `.updates(…)` what is to be fresh there: of refreshing all it shows and going away, Svelte 5.57 may never finish.
 */
export function leadTo(path: string): { path: string } {
  if (!getRequestEvent().isRemoteRequest) redirect(303, path);
  return { path };
}

function toForm<S extends Schema, Out>(
  schema: S,
  verb: Verb<S, Out>,
  who: () => Ctx,
  fresh: Question[],
): RemoteForm<FormInput<S>, Out> {
  const run = async (input: v.InferOutput<S>): Promise<Out> => {
    try {
      const done = await verb(who(), input);
      await bringAnew(fresh);
      return done;
    } catch (error) {
      if (!(error instanceof EngawaError)) throw error;
      const { locale } = getRequestEvent().locals;
      const message = errorText(locale, error.code, error.status, error.details);
      const { field } = error.details;
      invalid(typeof field === 'string' ? { message, path: field.split('.') } : message);
    }
  };
  // Our schemas are Standard Schemas, but their generic form is wider than what `form` infers from.
  return form(translated(schema) as never, run as never) as unknown as RemoteForm<FormInput<S>, Out>;
}

/** The same schema, with issues in the words of the reader instead of codes. */
function translated(schema: Schema): unknown {
  const standard = schema['~standard'];
  const validate = async (value: unknown): Promise<unknown> => {
    getRequestEvent().locals.asked = true;
    const result = await standard.validate(value);
    if (!result.issues) return result;
    const { locale } = getRequestEvent().locals;
    return {
      issues: result.issues.map((issue) => ({ ...issue, message: errorText(locale, issue.message, 400) })),
    };
  };
  return { '~standard': { ...standard, validate } };
}
