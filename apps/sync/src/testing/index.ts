export { textOf } from './client.ts';
export { killLoop, summaryOf, type KillReport, type Victim } from './kill-loop.ts';
export { signInAs } from './sessions.ts';
