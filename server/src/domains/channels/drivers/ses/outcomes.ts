/** What a refusal of SES says of a mail; whatever it shares with other services: `aws/outcome.ts`. */
import type { Outcome } from '../../driver.ts';
import { type AwsFault, awsOutcome } from '../aws/outcome.ts';

export function sesOutcome(error: unknown, now: Date): Outcome {
  const outcome = awsOutcome(error, 'SES', now);
  switch ((error as AwsFault).name) {
    case 'LimitExceededException':
      return { ...outcome, status: 'THROTTLED', statusCode: 429 };
    // No message of this account leaves, whoever the recipient is.
    case 'SendingPausedException':
    case 'AccountSuspendedException':
      return { ...outcome, status: 'TEMPORARY_FAILURE', providerIsDown: true };
    default:
      return outcome;
  }
}
