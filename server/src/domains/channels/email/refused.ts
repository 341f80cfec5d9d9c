/** A mail that no server would take from us: refused before anything is sent. */
import type { Outcome } from '../driver.ts';

/** The message names what is wrong and never quotes it. */
export class EmailRefused extends Error {
  readonly statusCode: 400 | 413;

  constructor(message: string, statusCode: 400 | 413 = 400) {
    super(message);
    this.name = 'EmailRefused';
    this.statusCode = statusCode;
  }

  get outcome(): Outcome {
    return { status: 'PERMANENT_FAILURE', statusCode: this.statusCode, statusMessage: this.message };
  }
}
