import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import PostalMime from 'postal-mime';
import { compose } from './compose.ts';
import type { Mailer, MailSummary, StoredMail } from './mail.ts';

const NAME = /^(\d{8}T\d{9}Z)-[A-Za-z0-9._-]{1,100}\.eml$/;

/** Reads a folder of mails; for the administrators' page, which sends nothing. */
export function openMailbox(folder: string): Pick<Mailer, 'list' | 'read'> {
  return {
    async list() {
      const mails = await Promise.all((await names(folder)).reverse().map((name) => parse(folder, name)));
      return mails.map(({ id, at, to, subject }): MailSummary => ({ id, at, to, subject }));
    },
    async read(id) {
      const name = `${id}.eml`;
      // Only names that the folder itself holds: an id is never used as a path.
      return (await names(folder)).includes(name) ? parse(folder, name) : null;
    },
  };
}

/** Mails as .eml files in a folder, for an instance that has no SMTP server. */
export function openFolderMail(folder: string, from: string): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true });
  return {
    ...openMailbox(folder),
    async send(mail) {
      const { message } = await transport.sendMail(compose(mail, from));
      const ending = `-${mail.id.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 100)}.eml`;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if ((await names(folder)).some((name) => name.endsWith(ending))) return;
      await writeWhole(join(folder, `${timestamp(new Date())}${ending}`), message as Buffer);
    },
    close() {},
  };
}

/** Our mails, oldest first: names begin with the time. */
async function names(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => NAME.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function parse(folder: string, name: string): Promise<StoredMail> {
  const mail = await PostalMime.parse(await readFile(join(folder, name)));
  return {
    id: name.slice(0, -'.eml'.length),
    at: timeOf(name),
    to: mail.to?.[0]?.address ?? '',
    subject: mail.subject ?? '',
    text: mail.text ?? '',
  };
}

/** A reader never sees half a mail: it is written beside and renamed. */
async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  const file = await open(part, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
}

/** `20261120T135501123Z`: sorts as text. */
function timestamp(date: Date): string {
  return date.toISOString().replace(/[-:.]/g, '');
}

function timeOf(name: string): Date {
  const [, y, mo, d, h, mi, s, ms] = name.match(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z/)!;
  return new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}.${ms}Z`);
}
