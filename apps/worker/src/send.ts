import { say } from '@engawa/i18n/say';
import type { Locale } from '@engawa/i18n';
import { MailRefused, type Mail } from '@engawa/mail';
import type { Tools } from './job.ts';

/** A mail in the receiver's language. */
export type Letter = Omit<Mail, 'language'> & { locale: Locale };

/** Sends. False when it will never be accepted, which is noted; any other failure is thrown and tried again later. */
export async function sendOnce(
  { mailer, log, services }: Tools,
  { locale, text, ...letter }: Letter,
): Promise<boolean> {
  const footer = say(locale, 'mail_footer', { origin: services.origin });
  try {
    await mailer.send({ ...letter, text: `${text}\n\n-- \n${footer}\n`, language: locale });
    return true;
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error;
    // The answer of a mail server may quote the address, so only the job's id goes to the log.
    log.warn({ mail: letter.id }, 'a mail was refused for good; correct the address and send it again');
    return false;
  }
}
