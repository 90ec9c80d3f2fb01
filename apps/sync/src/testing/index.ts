export { openClient, textOf, until, type TestClient, type TestClientOptions } from './client.ts';
export { killLoop, summaryOf, type KillReport, type Victim } from './kill-loop.ts';
export { serveSync, type TestNode } from './serve.ts';
export { signInAs } from './sessions.ts';
export { startTyping, type Typist } from './typist.ts';
export { sayWithoutValkey, startValkey, VALKEY, type TestValkey } from './valkey.ts';
