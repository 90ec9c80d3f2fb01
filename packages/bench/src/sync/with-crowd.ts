import { start, type Contestant, type Running } from './contestants.ts';
import { Crowd, type CrowdShape } from './crowd.ts';
import type { Stage } from './scenario.ts';

/** Starts the contestant, opens a crowd on fresh documents, and cleans up after. */
export async function withCrowd<T>(
  contestant: Contestant,
  shape: CrowdShape,
  use: (crowd: Crowd, server: Running) => Promise<T>,
): Promise<T> {
  const server = await start(contestant);
  try {
    const crowd = new Crowd(await contestant.places(server.port, shape.documents, shape.edited), shape);
    try {
      await crowd.open();
      return await use(crowd, server);
    } finally {
      crowd.close();
    }
  } finally {
    await server.stop();
  }
}

/** A quick run has a fifth of the people. */
export function smaller(shape: CrowdShape, { quick }: Stage): CrowdShape {
  if (!quick) return shape;
  const { documents, pages, writers } = shape;
  if (documents > 1) return { ...shape, documents: Math.ceil(documents / 5) };
  return { ...shape, pages: Math.ceil(pages / 5), writers: Math.max(1, Math.ceil(writers / 5)) };
}

/** The shape as a phrase. */
export function describe({ documents, pages, writers, edited = 'doc' }: CrowdShape): string {
  const noun = edited === 'doc' ? 'document' : 'board';
  const where = documents === 1 ? `one ${noun}` : `${documents} ${noun}s`;
  return `${where} of ${pages} pages, ${writers === pages ? 'all' : writers} writing`;
}

/** User and system time together, in milliseconds. */
export function millis(cpu: NodeJS.CpuUsage): number {
  return (cpu.user + cpu.system) / 1000;
}
