export { findByName } from './search.ts';
