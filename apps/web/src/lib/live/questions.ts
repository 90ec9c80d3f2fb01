import { boardPiece, boardText } from '#lib/boards/boards.remote.ts';
import { docPage } from '#lib/docs/docs.remote.ts';
import { filePage, listedFiles } from '#lib/files/files.remote.ts';
import { invitations } from '#lib/guests/guests.remote.ts';
import { item, trash, tree } from '#lib/items/items.remote.ts';
import { favourites, unread } from '#lib/marks/marks.remote.ts';
import { audience, grantsOn } from '#lib/sharing/sharing.remote.ts';
import { activity, members, mySpaces, spaceHome } from '#lib/spaces/spaces.remote.ts';

/** What a page may show of a space, and asks for anew when something happened there. */
export const QUESTIONS = [
  activity,
  audience,
  boardPiece,
  boardText,
  docPage,
  favourites,
  filePage,
  grantsOn,
  invitations,
  item,
  listedFiles,
  members,
  mySpaces,
  spaceHome,
  trash,
  tree,
  unread,
];
