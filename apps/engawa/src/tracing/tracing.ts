import { traced } from '@engawa/domain';
import type { Storage } from '@engawa/storage';
import type { Config } from '../config.ts';
import type { Traces } from './open-telemetry.ts';

/** Begins tracing where it is configured; elsewhere nothing is loaded for it. */
export async function startTracing(
  { tracing }: Pick<Config, 'tracing'>,
  role: string,
): Promise<Traces | null> {
  if (!tracing) return null;
  const { startTraces } = await import('./open-telemetry.ts');
  return startTraces(tracing, role);
}

/** The same store, each call of it traced. The keys of objects stay out. */
export function tracedStorage(storage: Storage): Storage {
  return new Proxy(storage, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) =>
        traced(`storage.${String(name)}`, {}, () => value.apply(target, args) as unknown);
    },
  });
}
