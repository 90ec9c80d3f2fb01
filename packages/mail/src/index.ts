import { openFolderMail } from './folder.ts';
import type { Mailer } from './mail.ts';
import { openSmtpMail } from './smtp.ts';

export { openMailbox } from './folder.ts';
export { checkMail } from './smtp.ts';
export { MailRefused, type Mail, type Mailer, type MailSummary, type StoredMail } from './mail.ts';

export interface MailOptions {
  /** Address of the SMTP server; null keeps mails as files. */
  url: string | null;
  /** Sender: `name <address>`, or an address. */
  from: string;
  /** Folder of the files, used when there is no `url`. */
  folder: string;
}

/** Opens the way mails leave this instance. */
export function openMail({ url, from, folder }: MailOptions): Mailer {
  return url ? openSmtpMail(url, from) : openFolderMail(folder, from);
}
