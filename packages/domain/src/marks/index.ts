export { favourites, star } from './favourites.ts';
export { recent, unread, visit } from './visits.ts';
