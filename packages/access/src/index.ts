export { abilities, ALL, bit, can, covers, maskOf } from './capabilities.ts';
export {
  answer,
  ceiling,
  decide,
  isLive,
  type Answer,
  type GrantFact,
  type Principal,
  type PrincipalKind,
  type Question,
  type SpaceFact,
} from './decide.ts';
export { ARCHIVED, DEFAULT_CEILINGS, roleOf, ROLES } from './roles.ts';
