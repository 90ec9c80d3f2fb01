import type { SendMailOptions } from 'nodemailer';
import { checkAddress, headerText, type Mail } from './mail.ts';

/** What nodemailer is given. Names and subjects are freed of anything that could begin another header. */
export function compose(mail: Mail, from: string): SendMailOptions {
  const domain = from.match(/@([^>\s]+)/)?.[1] ?? 'localhost';
  return {
    from,
    to: { name: headerText(mail.to.name), address: checkAddress(mail.to.address) },
    subject: headerText(mail.subject),
    text: mail.text,
    messageId: `<${mail.id}@${domain}>`,
    headers: {
      // Out-of-office replies to these help nobody.
      'Auto-Submitted': 'auto-generated',
      ...(mail.language ? { 'Content-Language': mail.language } : {}),
    },
    // Text that people wrote must never make us read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
