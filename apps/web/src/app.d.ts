import type { Caller } from '@engawa/domain';
import type { Locale, Theme } from '@engawa/schema';

declare global {
  namespace App {
    interface Locals {
      caller: Caller;
      locale: Locale;
      theme: Theme;
      /** Names a request in the log and on the page that tells of an error. */
      requestId: string;
      /** Something of ours was asked: the request could be read so far. */
      asked?: boolean;
    }
    interface Error {
      /** Stable code of what went wrong (`not_found`, `invitation.expired` …). */
      code: string;
      /** Set where we do not know what happened, so that an operator can find it in the log. */
      requestId?: string;
    }
  }
}

export {};
