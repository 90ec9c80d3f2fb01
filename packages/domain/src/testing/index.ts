export { damagedJournal } from './journals.ts';
export {
  buildFreshServices,
  buildWorld,
  buildWorldOn,
  createTestPerson,
  type World,
  type TestPerson,
} from './world.ts';
export * from './files.ts';
