export * from './activity/index.ts';
export { createCtx, deriveToken, personOf, provideServices, services } from './ctx.ts';
export type { Caller, Ctx, Services } from './ctx.ts';
export { DOORS, type Door } from './doors.ts';
export * from './grants/index.ts';
export * from './ledger/index.ts';
