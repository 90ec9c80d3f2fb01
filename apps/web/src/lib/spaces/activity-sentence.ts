import { can } from '@engawa/access';
import { itemPath } from '@engawa/schema';
import { shortTitle } from '#lib/items/short-title.ts';
import { m } from '#lib/paraglide/messages.js';

interface Event {
  verb: string;
  objectKind: string;
  objectId: string;
  title: string | null;
  actorName: string | null;
  itemKind: string | null;
  aboutName: string | null;
  data: Record<string, number | string | boolean | null>;
}

/** What happened, without who: that stands below. Null for what is nobody's news. */
export function eventSentence({ verb, title, actorName, aboutName, data }: Event): string | null {
  const name = shortTitle(title ?? '');
  const who = aboutName ?? m.somebody();
  const sentences: Record<string, () => string> = {
    'spaces.created': m.event_space_created,
    'spaces.changed': m.event_space_changed,
    'spaces.archived': m.event_space_archived,
    'spaces.reopened': m.event_space_reopened,
    'items.created': () => m.event_created({ name }),
    'items.renamed': () => m.event_renamed({ name }),
    'items.moved': () => m.event_moved({ name }),
    'items.trashed': () => m.event_trashed({ name }),
    'items.restored': () => m.event_restored({ name }),
    'items.edited': () => m.event_edited({ name }),
    'items.limited': () => m.event_limited({ name }),
    'items.opened': () => m.event_opened({ name }),
    'items.broken_in': () => m.event_broken_in({ name }),
    'items.repaired': () => m.event_repaired({ name }),
    'files.uploaded': () => m.event_uploaded({ name }),
    'files.version_added': () => m.event_version_added({ name }),
    'files.version_restored': () => m.event_version_restored({ name }),
    'files.version_labelled': () => m.event_version_labelled({ name }),
    'docs.imported': () => m.event_imported({ name }),
    'guests.invited': () => (title ? m.event_invited_to({ name }) : m.event_invited()),
    'guests.accepted': () => m.event_accepted(),
    'grants.given': () => m.event_let_in({ who }),
    'grants.revoked': () => m.event_let_out({ who }),
  };
  // Whoever accepts an invitation writes their own grant; whoever limits a folder stays its manager, which is no news.
  if (verb === 'grants.given' && actorName && actorName === aboutName) {
    return can(Number(data.mask), 'manage') ? null : m.event_accepted();
  }
  return sentences[verb]?.() ?? null;
}

/** Where the thing is now; null for what was thrown away. */
export function pathOf(event: Event, spaceId: string): string | null {
  if (event.objectKind !== 'item' || !event.itemKind || event.verb === 'items.trashed') return null;
  return itemPath({ spaceId, kind: event.itemKind, id: event.objectId });
}
