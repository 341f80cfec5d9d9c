/** What an answer of the SMSC, or none, means to us. */
import type { Outcome } from '../../driver.ts';
import { accepted, refused } from '../delivery/outcomes.ts';
import { NoAnswer } from './connection.ts';
import { LinkDown } from './link.ts';
import { describeStatus, type Pdu, statuses } from './pdu.ts';

const throttled: ReadonlySet<number> = new Set([statuses.throttled, statuses.queueFull]);

/** A later attempt may succeed. All others, of vendors too, name what is wrong with the message or the account. */
const temporary: ReadonlySet<number> = new Set([
  ...[statuses.systemError, statuses.submitFailed, statuses.receiverTemporary, statuses.unknownError],
  statuses.invalidBindStatus,
]);

export function ofAnswer({ command_status: status, message_id: messageId }: Pdu): Outcome {
  if (status === statuses.ok) return accepted(messageId);
  const statusMessage = describeStatus(status);
  if (throttled.has(status)) return { status: 'THROTTLED', statusCode: 429, statusMessage };
  if (!temporary.has(status)) return refused(statusMessage);
  const providerIsDown = status === statuses.invalidBindStatus;
  return { status: 'TEMPORARY_FAILURE', statusCode: 503, statusMessage, ...(providerIsDown && { providerIsDown }) };
}

export function ofFault(fault: unknown): Outcome {
  if (fault instanceof LinkDown) {
    const statusMessage = `No connection to the SMSC: ${fault.message}`;
    return { status: 'TEMPORARY_FAILURE', statusCode: 503, statusMessage, providerIsDown: true };
  }
  if (!(fault instanceof NoAnswer)) throw fault;
  if (fault.kind === 'not sent') {
    const statusMessage = 'The connection to the SMSC was lost';
    return { status: 'TEMPORARY_FAILURE', statusCode: 503, statusMessage, providerIsDown: true };
  }
  const statusMessage =
    fault.kind === 'lost' ? 'The connection was lost before the SMSC answered' : 'The SMSC did not answer in time';
  return { status: 'UNKNOWN_FAILURE', statusCode: 504, statusMessage, providerIsDown: true };
}
