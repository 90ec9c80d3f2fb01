export { openClient, textOf, until, type TestClient, type TestClientOptions } from './client.ts';
export {
  doToCrowds,
  faultsIn,
  NONE,
  openCrowd,
  ROUND,
  rowOf,
  type Crowd,
  type Seat,
  type Verdict,
} from './crowd.ts';
export { rollDice, type Dice } from './dice.ts';
export { KILLS, reportFault, SEED, shareOf } from './faults.ts';
export { freePort } from './free-port.ts';
export { ownPostgres, type OwnPostgres } from './own-postgres.ts';
export { serveSync, type TestNode } from './serve.ts';
export { signInAs } from './sessions.ts';
export { startTyping, type Typist } from './typist.ts';
export { sayWithoutValkey, startValkey, VALKEY, type TestValkey } from './valkey.ts';
