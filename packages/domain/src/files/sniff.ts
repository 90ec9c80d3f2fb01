import { Thread } from '../thread.ts';

const thread = new Thread<Uint8Array, string | null>(new URL('./sniffer.ts', import.meta.url), {
  patience: 5_000,
  resourceLimits: { maxOldGenerationSizeMb: 64 },
});

/** The type that the first bytes show, null when they show none, or when looking takes longer than five seconds. */
export async function sniff(bytes: Uint8Array): Promise<string | null> {
  return thread.ask(bytes).catch(() => null);
}
