import * as domain from '@engawa/domain';
import { KeepableInput } from '@engawa/schema';
import { act } from '#lib/server/endpoint.ts';

/** Of what this device keeps, what it may go on keeping. */
export const stillKeepable = act(KeepableInput, domain.keepable);
