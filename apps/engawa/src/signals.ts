import type { Running } from './start.ts';

/** One press of Ctrl-C arrives up to three times: from the terminal, from npm, from the script that started us. */
const SAME_PRESS_MS = 700;
const LONGEST_STOP_MS = 45_000;

/** Starts, and stays until a signal, the end of the starting script or an unforeseen error; then drains. */
export async function runUntilStopped(begin: () => Promise<Running>): Promise<void> {
  let running: Running | null = null;
  let pressed = 0;
  let stopping: Promise<void> | null = null;

  const stop = (code: number): Promise<void> =>
    (stopping ??= (async () => {
      setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
      process.exitCode = code;
      await (await started.catch(() => null))?.stop();
      process.exit();
    })());

  const press = () => {
    const again = pressed > 0 && performance.now() - pressed > SAME_PRESS_MS;
    if (again) {
      console.log('Stopping at once.');
      running?.halt();
      process.exit(130);
    }
    if (pressed > 0) return;
    pressed = performance.now();
    console.log('Stopping … (Ctrl-C again stops at once)');
    void stop(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, press);
  // `npm start` was killed: nobody is left who could press Ctrl-C.
  process.on('disconnect', press);
  process.channel?.unref();

  const failed = (err: unknown) => {
    if (running) running.log.fatal({ err }, 'an error nobody foresaw; stopping');
    else console.error(err);
    void stop(1);
  };
  process.on('uncaughtException', failed);
  process.on('unhandledRejection', failed);

  const started = begin();
  running = await started;
}
