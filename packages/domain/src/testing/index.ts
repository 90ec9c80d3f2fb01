export { buildWorld, createTestPerson, type World, type TestPerson } from './world.ts';
