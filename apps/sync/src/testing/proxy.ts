import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Proxy {
  /** The same address, through the proxy. */
  url: string;
  /** Lets no byte through in either direction, and takes no connections: a network that is gone without a word. */
  freeze(): void;
  /** Resets every connection and takes none. */
  cut(): void;
  /** What is open hangs for ever, also after `restore`, and neither end is told; what comes anew passes. */
  strand(): void;
  restore(): void;
  stop(): Promise<void>;
}

/** A small TCP proxy before a database or a node, which can be frozen and cut. */
export async function startProxy(target: string): Promise<Proxy> {
  const to = new URL(target);
  const pairs = new Set<[Socket, Socket]>();
  const stranded = new Set<[Socket, Socket]>();
  let away: 'no' | 'frozen' | 'cut' = 'no';
  const server = createServer((near) => {
    near.on('error', () => {});
    if (away === 'cut') return void near.resetAndDestroy();
    const far = connect(Number(to.port), to.hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    const drop = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    far.on('error', drop).on('close', drop);
    near.on('error', drop).on('close', drop);
    if (away === 'frozen') return;
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  url.hostname = '127.0.0.1';
  return {
    url: url.href.replace(/\/$/, ''),
    freeze() {
      away = 'frozen';
      pairs.forEach(hold);
    },
    strand() {
      for (const pair of pairs) {
        hold(pair);
        for (const end of pair) end.removeAllListeners('close');
        stranded.add(pair);
      }
      pairs.clear();
    },
    cut() {
      away = 'cut';
      for (const [near, far] of pairs) {
        near.resetAndDestroy();
        far.destroy();
      }
    },
    restore() {
      const frozen = away === 'frozen';
      away = 'no';
      if (!frozen) return;
      for (const [near, far] of pairs) {
        near.pipe(far);
        far.pipe(near);
      }
    },
    async stop() {
      for (const [near, far] of [...pairs, ...stranded]) {
        near.destroy();
        far.destroy();
      }
      await new Promise((done) => server.close(done));
    },
  };
}

function hold([near, far]: [Socket, Socket]): void {
  near.unpipe(far).pause();
  far.unpipe(near).pause();
}
