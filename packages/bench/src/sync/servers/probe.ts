// Preloaded into every server that is compared: says what the process has used, and ends it with whoever measures.
import { collect } from '../collect.ts';

process.on('message', (message) => {
  if (message === 'collect') collect();
  process.send?.({ cpu: process.cpuUsage(), memory: process.memoryUsage() });
});
process.on('disconnect', () => process.exit(0));
