import { toast, type MenuItem } from '@engawa/ui';
import { StarIcon } from '@engawa/ui/icons';
import { attempt } from '#lib/items/item-deeds.ts';
import { m } from '#lib/paraglide/messages.js';
import { favourites, star } from './marks.remote.ts';

interface Starrable {
  id: string;
  name: string;
}

/** Whether the reader has put a star on it, as far as the page knows by now. */
function isStarred(id: string): boolean {
  return favourites().current?.some((found) => found.id === id) ?? false;
}

export async function setStar(thing: Starrable, starred: boolean): Promise<void> {
  await attempt(async () => {
    await star({ id: thing.id, starred }).updates(favourites);
    toast(starred ? m.favourite_added({ name: thing.name }) : m.favourite_removed({ name: thing.name }));
  });
}

/** The line of a menu that puts the star on or takes it off. */
export function starLine(thing: Starrable): MenuItem {
  const starred = isStarred(thing.id);
  return {
    label: starred ? m.favourite_remove() : m.favourite_add(),
    icon: StarIcon,
    onselect: () => void setStar(thing, !starred),
  };
}
