/**
 * What went wrong, as a stable code that apps translate (`errors_<code>` in the message files).
 * `message` is English and for logs; `details` holds only what the reader may know.
 */
export class EngawaError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: Record<string, unknown>;

  constructor(status: number, code: string, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = new.target.name;
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** It does not exist, or the caller may not know that it does: both read the same. */
export class NotFound extends EngawaError {
  constructor(code = 'not_found', message = 'Not found', details?: Record<string, unknown>) {
    super(404, code, message, details);
  }
}

/** The caller may see it, and may not do this. */
export class Forbidden extends EngawaError {
  constructor(code = 'forbidden', message = 'Not allowed', details?: Record<string, unknown>) {
    super(403, code, message, details);
  }
}

/** The input is wrong; `details` names the field where there is one. */
export class Invalid extends EngawaError {
  constructor(code = 'invalid', message = 'Invalid input', details?: Record<string, unknown>) {
    super(400, code, message, details);
  }
}

/** The input was right, and the world has moved on since. */
export class Conflict extends EngawaError {
  constructor(code = 'conflict', message = 'Conflict', details?: Record<string, unknown>) {
    super(409, code, message, details);
  }
}

/** Nobody is signed in. */
export class Unauthenticated extends EngawaError {
  constructor(code = 'unauthenticated', message = 'Sign in first', details?: Record<string, unknown>) {
    super(401, code, message, details);
  }
}

/** It was there and has ended: used, expired, withdrawn. */
export class Gone extends EngawaError {
  constructor(code = 'gone', message = 'No longer valid', details?: Record<string, unknown>) {
    super(410, code, message, details);
  }
}

/** Asked too often; `details.retryAfter` is in seconds. */
export class TooMany extends EngawaError {
  constructor(code = 'too_many', message = 'Too many attempts', details?: Record<string, unknown>) {
    super(429, code, message, details);
  }
}

/** A part of the house does not answer now; asking again later helps. */
export class Unavailable extends EngawaError {
  constructor(code = 'unavailable', message = 'Not available', details?: Record<string, unknown>) {
    super(503, code, message, details);
  }
}
