export * from './dates.ts';
export * from './locales.ts';
export * from './numbers.ts';
