export { favourites, star } from './favourites.ts';
export { leaveTour, tour } from './tour.ts';
export { recent, unread, visit } from './visits.ts';
