export { createItem, renameItem, requirePlace } from './items.ts';
export { moveItem } from './moves.ts';
export { purgeExpired, purgeItem, restoreItem, trash, trashItem } from './trash.ts';
export { item, rowOf, tree } from './tree.ts';
export { spaceHome } from './space-home.ts';
export { breakIn, limitItem } from './limited.ts';
