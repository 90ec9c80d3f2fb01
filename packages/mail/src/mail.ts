/** One mail to one person. The text is finished: whoever composes it knows the receiver's language. */
export interface Mail {
  /** The same id never goes out twice from one folder, and gives the same Message-ID on a repeated SMTP delivery. */
  id: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
  /** Language of the text, such as `ja`. */
  language?: string;
}

/** A mail kept as a file, as shown in a list. */
export interface MailSummary {
  /** Name of the file without `.eml`; sorts by time. */
  id: string;
  at: Date;
  to: string;
  subject: string;
}

export interface StoredMail extends MailSummary {
  text: string;
}

/** Where mails go. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
  /** Newest first. Empty when mails go out by SMTP. */
  list(): Promise<MailSummary[]>;
  /** Null when there is no such mail. */
  read(id: string): Promise<StoredMail | null>;
  close(): void;
}

/** A mail that will never be accepted as it is: trying again is useless. */
export class MailRefused extends Error {}

// Control characters end headers; the bidirectional ones make an address read as another.
const CONTROL = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
// The address goes to the SMTP server as a command of its own, so it may hold nothing but an address.
const ADDRESS = /^[^\s\p{Cc}<>()[\]\\,;:"@]{1,64}@[^\s\p{Cc}<>()[\]\\,;:"@]{1,253}$/u;

/** Text that stays within its header line. */
export function headerText(text: string): string {
  return text.replace(CONTROL, ' ').trim().slice(0, 500);
}

/** The address as it was given, or MailRefused. */
export function checkAddress(address: string): string {
  if (ADDRESS.test(address)) return address;
  throw new MailRefused(`"${headerText(address).slice(0, 80)}" is not a mail address.`);
}
