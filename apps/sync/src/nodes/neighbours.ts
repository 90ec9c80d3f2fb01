import { randomUUID } from 'node:crypto';

/** What nodes say to each other. A topic is something that pages look at: a document's carets, the people of a space. */
export type NodeMessage = { from: string } & (
  | { kind: 'hello' }
  | { kind: 'alive' }
  | { kind: 'here'; topics: string[] }
  | { kind: 'left'; topics: string[] }
  | { kind: 'said'; topic: string; payload: unknown }
);

/** How messages come to all other nodes. What is lost is lost: nothing durable goes this way. */
export interface Carrier {
  send(message: NodeMessage): void;
  hear(listener: (message: NodeMessage) => void): void;
}

/** What a node does about the other nodes that hold the same topic. */
export interface Listener {
  hear(node: string, payload: unknown): void;
  /** Another node holds it now as well, and knows nothing yet. */
  met(node: string): void;
  /** It let go of it, or has died. */
  left(node: string): void;
}

export interface Topic {
  /** How many other nodes hold it. */
  readonly peers: number;
  /** Says it to those; costs nothing when there are none. */
  say(payload: unknown): void;
  leave(): void;
}

/** Milliseconds between two signs of life, and without one until a node counts as gone. */
const ALIVE = 3_000;
const GONE = 10_000;
/** Who greets may speak before the others can hear again, so it is said in the next beats too. */
const GREETINGS = 4;
/** Topics in one message. */
const BATCH = 500;

interface Held {
  listener: Listener;
  peers: Set<string>;
}

/**
 * The nodes that serve beside this one, and which of them hold what this one holds. Clients of one item meet on one
 * node, so most of the time nobody else holds it and nothing is sent; when nodes change, two may hold it for a while.
 */
export class Neighbours {
  readonly #carrier: Carrier | null;
  readonly #self = randomUUID();
  readonly #held = new Map<string, Held>();
  readonly #seen = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #greetings = 0;

  /** Without a carrier this node is alone. */
  constructor(carrier: Carrier | null) {
    this.#carrier = carrier;
    if (!carrier) return;
    carrier.hear((message) => this.#hear(message));
    this.#timer = setInterval(() => this.#beat(), ALIVE);
    this.greet();
  }

  get alone(): boolean {
    return this.#carrier === null;
  }

  /** Tells the others what is held here, and asks what they hold: at the start, and after messages may have been lost. */
  greet(): void {
    this.#greetings = GREETINGS;
    this.#greet();
  }

  /** One holder a topic and node. */
  join(topic: string, listener: Listener): Topic {
    const held: Held = { listener, peers: new Set() };
    this.#held.set(topic, held);
    this.#send({ kind: 'here', topics: [topic] });
    return {
      get peers() {
        return held.peers.size;
      },
      say: (payload) => {
        if (held.peers.size > 0) this.#send({ kind: 'said', topic, payload });
      },
      leave: () => {
        if (this.#held.get(topic) !== held) return;
        this.#held.delete(topic);
        held.peers.clear();
        this.#send({ kind: 'left', topics: [topic] });
      },
    };
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    const topics = [...this.#held.keys()];
    this.#held.clear();
    for (let at = 0; at < topics.length; at += BATCH)
      this.#send({ kind: 'left', topics: topics.slice(at, at + BATCH) });
  }

  #greet(): void {
    this.#greetings -= 1;
    this.#send({ kind: 'hello' });
    this.#show();
  }

  #send(message: Omitted): void {
    this.#carrier?.send({ from: this.#self, ...message });
  }

  #show(): void {
    const topics = [...this.#held.keys()];
    for (let at = 0; at < topics.length; at += BATCH)
      this.#send({ kind: 'here', topics: topics.slice(at, at + BATCH) });
  }

  #hear(message: NodeMessage): void {
    const { from } = message;
    if (from === this.#self || !this.#timer) return;
    const lost = !this.#seen.has(from);
    this.#seen.set(from, performance.now());
    // It was taken for gone, or this node was away: what each holds is said again.
    if (lost && message.kind !== 'hello') this.#send({ kind: 'hello' });
    if (lost || message.kind === 'hello') this.#show();
    if (message.kind === 'here') this.#met(from, message.topics);
    if (message.kind === 'left') for (const topic of message.topics) this.#part(from, topic);
    if (message.kind === 'said') this.#held.get(message.topic)?.listener.hear(from, message.payload);
  }

  #met(from: string, topics: string[]): void {
    for (const topic of topics) {
      const held = this.#held.get(topic);
      if (!held) continue;
      const known = held.peers.has(from);
      held.peers.add(from);
      // It may have begun after this node had said so.
      if (!known) this.#send({ kind: 'here', topics: [topic] });
      held.listener.met(from);
    }
  }

  #part(from: string, topic: string): void {
    const held = this.#held.get(topic);
    if (held?.peers.delete(from)) held.listener.left(from);
  }

  #beat(): void {
    if (this.#greetings > 0) this.#greet();
    else this.#send({ kind: 'alive' });
    const now = performance.now();
    for (const [node, seen] of this.#seen) {
      if (now - seen < GONE) continue;
      this.#seen.delete(node);
      for (const topic of this.#held.keys()) this.#part(node, topic);
    }
  }
}

type Without<M> = M extends NodeMessage ? Omit<M, 'from'> : never;
type Omitted = Without<NodeMessage>;
