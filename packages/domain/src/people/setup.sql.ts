import type { Db } from '@engawa/db';

export async function hostExists(sql: Db): Promise<boolean> {
  const [row] = await sql<
    { found: boolean }[]
  >`select exists (select from organisations where host) as found`;
  return row!.found;
}

/** One link is live at a time. */
export async function replaceSetupLink(tx: Db, tokenHash: Buffer): Promise<void> {
  await tx`delete from setup_links`;
  await tx`insert into setup_links (token_hash, expires_at) values (${tokenHash}, now() + interval '7 days')`;
}

export async function setupLinkExists(sql: Db, tokenHash: Buffer): Promise<boolean> {
  return (await sql`select 1 from setup_links where token_hash = ${tokenHash}`).length > 0;
}

/** Uses the link up: the row goes, so of two at once only one gets it. Null when there is none by this token. */
export async function takeSetupLink(tx: Db, tokenHash: Buffer): Promise<{ expired: boolean } | null> {
  const [row] = await tx<{ expired: boolean }[]>`
    delete from setup_links where token_hash = ${tokenHash} returning expires_at <= now() as expired`;
  return row ?? null;
}
