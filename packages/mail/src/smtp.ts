import { createTransport } from 'nodemailer';
import { compose } from './compose.ts';
import { MailRefused, type Mailer } from './mail.ts';

/** Connects to the server, greets it and signs in, and sends nothing. Throws what went wrong. */
export async function checkMail(url: string, ms: number): Promise<void> {
  const transport = createTransport({ url, connectionTimeout: ms, greetingTimeout: ms, socketTimeout: ms });
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}

/** Sends by the SMTP server of `url` (`smtp://user:password@host:587`, `smtps://…`). */
export function openSmtpMail(url: string, from: string): Mailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 3,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 60_000,
  });
  return {
    async send(mail) {
      try {
        await transport.sendMail(compose(mail, from));
      } catch (error) {
        // 5xx is the server's last word; all else (busy, greylisted, not reachable) is worth another try.
        const { responseCode } = error as { responseCode?: number };
        if (responseCode && responseCode >= 500)
          throw new MailRefused((error as Error).message, { cause: error });
        throw error;
      }
    },
    async list() {
      return [];
    },
    async read() {
      return null;
    },
    close: () => transport.close(),
  };
}
