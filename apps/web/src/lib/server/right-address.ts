import { redirect } from '@sveltejs/kit';
import { createCtx, item } from '@engawa/domain';
import { itemPath, type ItemKind } from '@engawa/schema';

/** The id alone identifies an item: a wrong space or kind in the address leads to the right one, after permission. */
export async function rightAddress(
  locals: App.Locals,
  params: { space: string; id: string },
  kind: ItemKind,
): Promise<void> {
  if (locals.caller.kind === 'anonymous') return;
  const found = await item(createCtx(locals.caller), params.id);
  if (found.spaceId !== params.space || found.kind !== kind) redirect(307, itemPath(found));
}
