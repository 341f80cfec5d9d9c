/** What a refusal of the service says of a message; whatever it shares with other services: `aws/outcome.ts`. */
import type { Clock } from '../../../../kernel/clock.ts';
import type { Outcome } from '../../driver.ts';
import { type AwsFault, awsOutcome, refusal } from '../aws/outcome.ts';

interface Refusal extends AwsFault {
  readonly Reason?: string;
  readonly Fields?: readonly { readonly Name?: string }[];
}

export function endUserMessagingOutcome(error: unknown, clock: Clock): Outcome {
  const fault = error as Refusal;
  switch (fault.name) {
    case 'ValidationException': {
      // The number itself, not what stands around it: it is none, and will be none tomorrow.
      const addressIsDead = fault.Fields?.some(({ Name }) => Name === 'DestinationPhoneNumber') ?? false;
      return { ...refusal(fault, 400), status: 'PERMANENT_FAILURE', ...(addressIsDead && { addressIsDead }) };
    }
    case 'ConflictException':
      // dossier/messaging §5.1: the code and the words that callers know.
      return fault.Reason === 'DESTINATION_PHONE_NUMBER_OPTED_OUT'
        ? { status: 'PERMANENT_FAILURE', statusCode: 400, statusMessage: 'Destination phone number opted out' }
        : { ...refusal(fault, 409), status: 'PERMANENT_FAILURE' };
    case 'ServiceQuotaExceededException':
      // Calls to one number a day. The others are the account's: what it may spend in a month.
      return fault.Reason === 'DAILY_DESTINATION_CALL_LIMIT'
        ? { ...refusal(fault, 429), status: 'THROTTLED' }
        : { ...refusal(fault, 402), status: 'PERMANENT_FAILURE', providerIsDown: true };
    default:
      return awsOutcome(error, clock);
  }
}
