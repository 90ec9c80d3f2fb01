import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';

/** The program under test, as the global setup left it. */
export interface Instance {
  origin: string;
  setupLink: string;
  /** Where the mail server keeps what really went out. */
  mails: string;
  databaseUrl: string;
  /** ENGAWA_KEY, in hexadecimal. */
  key: string;
  folder: string;
}

export function instance(): Instance {
  const text = process.env.ENGAWA_E2E;
  if (!text) throw new Error('No program under test: run the tests by `pnpm test:e2e`.');
  return JSON.parse(text) as Instance;
}

/** The newest mail to this address, waiting up to `ms` for it to arrive by SMTP. */
export async function mailTo(address: string, { after = 0, ms = 20_000 } = {}): Promise<Email> {
  const end = Date.now() + ms;
  for (;;) {
    const all = await readMails();
    const found = all.filter((mail) => mail.to?.some((to) => to.address === address)).slice(after);
    const last = found.at(-1);
    if (last) return last;
    if (Date.now() > end) throw new Error(`No mail to ${address} arrived; there are ${all.length} mails.`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

/** The first link of a mail. */
export function linkIn(mail: Email): string {
  const link = /https?:\/\/\S+/.exec(mail.text ?? '')?.[0];
  if (!link) throw new Error(`No link in the mail “${mail.subject}”.`);
  return link;
}

async function readMails(): Promise<Email[]> {
  const { mails } = instance();
  const names = (await readdir(mails)).sort();
  return Promise.all(names.map(async (name) => new PostalMime().parse(await readFile(join(mails, name)))));
}
