import * as v from 'valibot';
import { Id } from './ids.ts';

export const StarInput = v.object({ id: Id, starred: v.boolean() });

export type StarInput = v.InferInput<typeof StarInput>;

/** An item that others have changed since the person last opened it. */
export interface UnreadItem {
  id: string;
  spaceId: string;
}
