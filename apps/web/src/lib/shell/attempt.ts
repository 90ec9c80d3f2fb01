import { tick } from 'svelte';
import type { RemoteForm, RemoteFormEnhanceCallback, RemoteFormInput } from '$app/server';
import { toast } from '@engawa/ui';
import { m } from '#lib/paraglide/messages.js';
import { going } from './going.ts';

/** Refused before the server was asked: the message is a sentence for whoever tried. */
export class Refused extends Error {
  override name = 'Refused';
}

/** What to say of a deed that failed, and whether doing the same again could help. */
export function sentenceOf(error: unknown): { text: string; again: boolean } {
  if (error instanceof Refused) return { text: error.message, again: false };
  const { body } = error as { body?: App.Error };
  // An answer with a code is our own sentence; one without comes from what stands before the server, in its own words.
  if (body?.code) return { text: body.message, again: body.status >= 500 };
  // A request that never arrived: `fetch` says so by a TypeError.
  const away = error instanceof TypeError || !navigator.onLine;
  if (!away && !body) console.error(error);
  return { text: away ? m.errors_offline() : m.errors_unknown(), again: true };
}

/** Says why it did not work, with a way to try again where that could help; the page keeps what it showed. */
export function sayError(error: unknown, again?: () => void): void {
  const said = sentenceOf(error);
  const action = again && said.again ? { label: m.try_again(), run: again } : undefined;
  toast(said.text, { tone: 'danger', action });
}

/**
 * Does it; when it fails, says so and answers nothing. With `again`, whoever did it is offered to try again: for deeds
 * that are complete in themselves, not for those of a form that stays open.
 */
export async function attempt<T>(
  deed: () => Promise<T>,
  { again = false }: { again?: boolean } = {},
): Promise<T | undefined> {
  const end = going.begin();
  try {
    return await deed();
  } catch (error) {
    sayError(error, again ? () => void attempt(deed, { again }) : undefined);
    return undefined;
  } finally {
    end();
  }
}

/**
 * A form that is sent by script: when the line or the server fails, the page says so and keeps what was typed.
 * (SvelteKit would put its error page in the place of the form.) Empties the form once it is done, unless `sent` says
 * otherwise.
 */
export function sending<I extends RemoteFormInput | void, O>(
  form: Pick<RemoteForm<I, O>, 'enhance'>,
  sent: RemoteFormEnhanceCallback<I, O> = async ({ element, submit }) => {
    if (!(await submit())) return;
    await tick();
    if (element.isConnected) element.reset();
  },
): ReturnType<RemoteForm<I, O>['enhance']> {
  return form.enhance(async (given) => {
    try {
      await sent(given);
    } catch (error) {
      sayError(error);
    }
  });
}
