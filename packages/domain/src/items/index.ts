export { createItem, provideFolder, renameItem, requireDepth, requirePlace, requireRoom } from './items.ts';
export { insertItem, lockSiblings, lockTree } from './items.sql.ts';
export { requireQuota } from './quota.ts';
export { keyFor } from './order.ts';
export { moveItem } from './moves.ts';
export { purgeExpired, purgeItem, restoreItem, trash, trashItem } from './trash.ts';
export { item, rowOf, tree } from './tree.ts';
export { spaceHome } from './space-home.ts';
export { breakIn, limitItem } from './limited.ts';
