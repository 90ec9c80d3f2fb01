export { keepable, mayKeep } from './keeping.ts';
export { candidates, findPeople, guestUntil, isShownIn, membersByOrganisation } from './members.ts';
export {
  archiveSpace,
  createSpace,
  mySpaces,
  reopenSpace,
  requireSpace,
  spaceRow,
  updateSpace,
} from './spaces.ts';
