export * from './errors.ts';
export * from './ids.ts';
export * from './kinds.ts';
export * from './parse.ts';
export * from './roles.ts';
export * from './session.ts';
