import { randomUUID } from 'node:crypto';
import type { Handle, HandleServerError } from '@sveltejs/kit/hooks';
import { sequence } from '@sveltejs/kit/hooks';
import { caller } from '#lib/server/caller.ts';
import { describeError } from '#lib/server/errors.ts';
import { headers } from '#lib/server/headers.ts';
import { keeping } from '#lib/server/keeping.ts';
import { localeAndTheme } from '#lib/server/locale.ts';
import { traces } from '#lib/server/traces.ts';

const name: Handle = ({ event, resolve }) => {
  event.locals.requestId = randomUUID();
  return resolve(event);
};

export const handle = sequence(name, traces, headers, caller, keeping, localeAndTheme);

export const handleError: HandleServerError = (caught) => describeError(caught);
