export {
  accessOf,
  accessOfMany,
  reachOf,
  requireAccess,
  visibleTo,
  type Access,
  type AccessOptions,
  type Reach,
} from './access.ts';
export { audience, type Audience } from './audience.ts';
export { block, unblock } from './blocks.ts';
export { bumpEpoch, bumpEpochsOf, epochsOf } from './epochs.ts';
export {
  changeGrant,
  grant,
  grantsOn,
  requireMayLetIn,
  revokeGrant,
  writeGrant,
  type GrantView,
} from './grants.ts';
