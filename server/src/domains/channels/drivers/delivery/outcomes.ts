/** Outcomes that all drivers have in common. */
import type { Outcome } from '../../driver.ts';

/** @param messageId the provider's; a provider that gave none took the message all the same */
export function accepted(messageId: string | undefined): Outcome {
  if (messageId === undefined || messageId === '') {
    return { status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'Accepted' };
  }
  return { status: 'SUCCESSFUL', statusCode: 200, statusMessage: `MessageId: ${messageId}`, messageId };
}

/** Another attempt would come to the same. */
export function refused(statusMessage: string, statusCode = 400): Outcome {
  return { status: 'PERMANENT_FAILURE', statusCode, statusMessage };
}

/** Answered, but not with what tells whether the message was taken. */
export function unreadable(statusMessage: string, statusCode = 502): Outcome {
  return { status: 'UNKNOWN_FAILURE', statusCode, statusMessage };
}

const longestMessage = 500;

/** The provider's words: one line, bounded. */
export function shorten(words: string, longest = longestMessage): string {
  const line = words.replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…`.toWellFormed() : line.toWellFormed();
}
