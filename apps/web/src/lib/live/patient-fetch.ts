const FIRST_MS = 500;
const MOST_MS = 15_000;
/** What a proxy answers while the program behind it starts again. */
const AWAY = new Set([502, 503, 504]);

/** Hears how the line does. */
interface Listener {
  lost(): void;
  back(): void;
}

/**
 * A question that the line lost is asked again until there is an answer, so that a page keeps what it shows.
 *
 * SvelteKit 3.2 lets a query fail for good when one refresh does not get through, and the page that awaits it goes
 * blank. Only questions wait (what a page reads, by GET); a deed fails at once and says so.
 */
export function askPatiently(ask: typeof fetch, listener?: Listener): typeof fetch {
  return async (input, init) => {
    if (!isQuestion(input, init)) return ask(input, init);
    for (let wait = FIRST_MS; ; wait = Math.min(wait * 2, MOST_MS)) {
      const answer = await ask(input, init).catch((error: unknown) => {
        if (init?.signal?.aborted) throw error;
        return null;
      });
      if (answer && !AWAY.has(answer.status)) {
        listener?.back();
        return answer;
      }
      listener?.lost();
      await pause(wait * (0.5 + Math.random()));
    }
  };
}

function isQuestion(input: RequestInfo | URL, init: RequestInit | undefined): boolean {
  const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
  const address = input instanceof Request ? input.url : String(input);
  const { origin, pathname } = new URL(address, location.href);
  const read = /\/_app\/remote\/|\/__data\.json$/.test(pathname);
  return method.toUpperCase() === 'GET' && origin === location.origin && read;
}

/** Waits, or less when the browser hears that the line is back. */
function pause(ms: number): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(end, ms);
    addEventListener('online', end);
    function end(): void {
      clearTimeout(timer);
      removeEventListener('online', end);
      done();
    }
  });
}
