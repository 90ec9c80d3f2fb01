import { epochsOf, type Services } from '@engawa/domain';
import type { Logger } from 'pino';
import { endOf, identify, type Identity } from '../sockets/identify.ts';
import type { Link } from '../sockets/link.ts';

/** Milliseconds between two questions for changed epochs. A NOTIFY only makes it faster. */
const ASK = 400;
/** Milliseconds without an answer after which connections are suspended. */
const PATIENCE = 3_000;
/** Decisions made at the same time. */
const AT_ONCE = 6;

/** Decides about every link when it opens, and again whenever access in its space has changed. */
export class Epochs {
  readonly #services: Services;
  readonly #links: () => Iterable<Link>;
  readonly #log: Logger;
  readonly #deciding = new Set<Link>();
  #timer: NodeJS.Timeout | null = null;
  #unlisten: (() => Promise<void>) | null = null;
  #asked = 0;
  #outstanding = 0;
  /** When the database last answered. */
  #answered = Date.now();
  #suspended = false;

  constructor(services: Services, links: () => Iterable<Link>, log: Logger) {
    this.#services = services;
    this.#links = links;
    this.#log = log;
  }

  get suspended(): boolean {
    return this.#suspended;
  }

  async start(): Promise<void> {
    this.#answered = Date.now();
    this.#timer = setInterval(() => this.#tick(), ASK);
    const { unlisten } = await this.#services.sql.listen('engawa_access', () => this.#ask());
    this.#unlisten = unlisten;
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await this.#unlisten?.().catch(() => {});
  }

  /** The first decision about a link. Throws Refusal. */
  async admit(link: Link): Promise<void> {
    link.identity = await identify(this.#services, link);
    if (this.#suspended) link.suspend();
  }

  #tick(): void {
    if (Date.now() - this.#answered > PATIENCE) this.#suspend();
    // A question that hangs must not keep the next from being asked, on another connection.
    if (this.#outstanding === 0 || (Date.now() - this.#asked > PATIENCE && this.#outstanding < 3))
      this.#ask();
  }

  #ask(): void {
    this.#asked = Date.now();
    this.#outstanding += 1;
    const links = [...this.#links()].filter((link) => link.identity && !link.ended);
    const spaces = [...new Set(links.map((link) => link.identity!.spaceId))];
    epochsOf(this.#services.sql, spaces)
      .then((epochs) => this.#answer(links, epochs))
      .catch((error) => this.#log.debug({ err: error }, 'epochs could not be asked'))
      .finally(() => (this.#outstanding -= 1));
  }

  async #answer(links: Link[], epochs: Map<string, number>): Promise<void> {
    this.#answered = Date.now();
    const now = Date.now();
    const stale = links.filter(
      ({ identity }) => identity!.until <= now || identity!.epoch !== epochs.get(identity!.spaceId),
    );
    await this.#decideAll(stale.filter((link) => !this.#deciding.has(link)));
    if (this.#suspended) this.#resume();
  }

  async #decideAll(links: Link[]): Promise<void> {
    const queue = [...links];
    for (const link of links) this.#deciding.add(link);
    const work = async () => {
      for (let link = queue.pop(); link; link = queue.pop()) {
        await this.#decide(link).finally(() => this.#deciding.delete(link));
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, links.length) }, work));
  }

  async #decide(link: Link): Promise<void> {
    try {
      const identity = await identify(this.#services, link);
      if (link.ended) return;
      const before = link.identity!;
      link.identity = identity;
      tell(link, before, identity);
    } catch (error) {
      const end = endOf(error);
      if (end !== 'unavailable') link.end(end, 'access has changed');
      // Otherwise the database was not to be asked: the epoch stays as it is, and the next tick asks again.
      else this.#log.debug({ err: error }, 'access could not be decided');
    }
  }

  #suspend(): void {
    if (!this.#suspended) this.#log.warn('the database does not answer: connections are suspended');
    this.#suspended = true;
    for (const link of this.#links()) if (link.identity) link.suspend();
  }

  #resume(): void {
    this.#suspended = false;
    this.#log.info('the database answers again: connections resume');
    for (const link of this.#links()) link.resume();
  }
}

/** A downgraded connection stays, read-only; one that may write again reconnects, which fills what was dropped. */
function tell(link: Link, before: Identity, now: Identity): void {
  if (before.readOnly === now.readOnly) return;
  link.notify({ kind: 'access', readOnly: now.readOnly });
  if (before.readOnly) link.end('granted');
}
