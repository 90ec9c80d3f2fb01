// What the pages, the server and the service worker say to one another about reading offline.

/** On every page from the server: whose it is, or `nobody`. A device keeps pages of one person alone. */
export const PERSON_HEADER = 'x-engawa-person';
export const NOBODY = 'nobody';
/** Asks for a page to keep; in the answer, until when it may be kept. Without it the page may not be kept at all. */
export const KEEP_HEADER = 'x-engawa-keep';
export const NO_END = 'no-end';

export const OFFLINE_PATH = '/offline';

const KEPT = 'engawa-kept:';
/** Names of stored copies (`storedCopyName`) that hold edits which nobody else has yet. */
export const UNSENT_CACHE = 'engawa-unsent';

export const keptCache = (personId: string): string => KEPT + personId;
export const isKeptCache = (name: string): boolean => name.startsWith(KEPT);

/** Written on the page when it is served from the device: when it was read. */
export const KEPT_ATTRIBUTE = 'data-kept';
/** With each kept page. */
export const KEPT_AT = 'x-engawa-kept-at';
export const KEPT_TITLE = 'x-engawa-kept-title';
export const KEPT_SIZE = 'x-engawa-kept-size';

const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const KEEPABLE = new RegExp(`^/(?:s/(${ID})(?:/members|/(?:folder|doc|board|file)/(${ID}))?)?$`);
const PLACE = new RegExp(`^/(?:account|offline|login|reset|admin(?:/[^.]*)?|s/${ID}/trash)$`);

/** Pages to read again; not the account, the administration or the trash. */
export function isKeepable(path: string): boolean {
  return KEEPABLE.test(path);
}

/** Every page that says something itself when there is no connection; downloads and keys in addresses are none. */
export function isPlace(path: string): boolean {
  return isKeepable(path) || PLACE.test(path);
}

/** The item or space that a page is about; null for the home of a person. */
export function aboutOf(path: string): string | null {
  const [, space, item] = KEEPABLE.exec(path) ?? [];
  return item ?? space ?? null;
}

/** What a page asks of the service worker. */
export type Order =
  /** Keep this page, which the person has open. */
  | { order: 'keep'; path: string; personId: string }
  /** Of the pages about things, only those about these; everything of other people goes. */
  | { order: 'retain'; ids: string[]; personId: string }
  /** Forget everything, for everybody. Answered when it is done. */
  | { order: 'forget' }
  /** The words or colours of the page for what was not read have changed. */
  | { order: 'restyle' };
