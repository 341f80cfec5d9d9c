/** What a refusal of the service says of a message; whatever it shares with other services: `aws/outcome.ts`. */
import type { Outcome } from '../../driver.ts';
import { type AwsFault, awsOutcome, wordsOf } from '../aws/outcome.ts';
import { refused } from '../delivery/outcomes.ts';

interface Refusal extends AwsFault {
  readonly Reason?: string;
  readonly Fields?: readonly { readonly Name?: string }[];
}

const service = 'AWS End User Messaging';

export function endUserMessagingOutcome(error: unknown, now: Date): Outcome {
  const fault = error as Refusal;
  switch (fault.name) {
    case 'AccessDeniedException':
      return { ...awsOutcome(error, service, now), providerIsDown: true };
    case 'ValidationException': {
      // The number itself, not what stands around it: it is none, and will be none tomorrow.
      const addressIsDead = fault.Fields?.some(({ Name }) => Name === 'DestinationPhoneNumber') ?? false;
      return { ...refused(wordsOf(fault, service)), ...(addressIsDead && { addressIsDead }) };
    }
    case 'ConflictException':
      // dossier/messaging §5.1: the code and the words that callers know.
      return fault.Reason === 'DESTINATION_PHONE_NUMBER_OPTED_OUT'
        ? refused('Destination phone number opted out')
        : refused(wordsOf(fault, service), 409);
    case 'ServiceQuotaExceededException':
      // Calls to one number a day. The others are the account's: what it may spend in a month.
      return fault.Reason === 'DAILY_DESTINATION_CALL_LIMIT'
        ? { status: 'THROTTLED', statusCode: 429, statusMessage: wordsOf(fault, service) }
        : { ...refused(wordsOf(fault, service), 402), providerIsDown: true };
    default:
      return awsOutcome(error, service, now);
  }
}
