import { redirect } from '@sveltejs/kit';
import { accessOf, createCtx, handInPlace, item } from '@engawa/domain';
import { EngawaError, itemPath, NotFound, type ItemKind } from '@engawa/schema';

/** The id alone identifies an item: a wrong space or kind in the address leads to the right one, after permission. */
export async function rightAddress(
  locals: App.Locals,
  params: { space: string; id: string },
  kind: ItemKind,
): Promise<void> {
  if (locals.caller.kind === 'anonymous') return;
  const ctx = createCtx(locals.caller);
  const found = await item(ctx, params.id).catch(async (error: unknown) => {
    if (error instanceof NotFound) await toHandIn(locals, params.id);
    throw error;
  });
  if (found.spaceId !== params.space || found.kind !== kind) redirect(307, itemPath(found));
}

/** Who may put files into a place and see nothing of it is led to where that is done. */
export async function toHandIn(locals: App.Locals, id: string): Promise<void> {
  const ctx = createCtx(locals.caller);
  if ((await accessOf(ctx, id))?.can.view) return;
  const place = await handInPlace(ctx, { id }).catch((error: unknown) => {
    if (error instanceof EngawaError) return null;
    throw error;
  });
  if (place) redirect(307, `/hand-in/${id}`);
}
