import * as v from 'valibot';
import { Invalid } from './errors.ts';

/**
 * Reads input by a schema. Throws `Invalid` whose details are `{ field, issue }` of the first problem:
 * a schema may give its own code as the issue's message (`name.too_long`), which then is the error's code.
 */
export function parse<const S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, input, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const field = v.getDotPath(issue) ?? undefined;
  const code = /^[a-z_]+(\.[a-z_]+)+$/.test(issue.message) ? issue.message : 'invalid';
  throw new Invalid(code, `${field ?? 'input'}: ${issue.message}`, { field, issue: issue.type });
}
