/** Replies and faults in Pinpoint's words (dossier/messaging §5.1 and §12). */
import type { Outcome } from '../../driver.ts';
import type { SmtpFault } from './fault.ts';
import { formatReply, isPositive, type Reply } from './replies.ts';

/** What the server had been asked when it replied. */
export type Step = 'MAIL' | 'RCPT' | 'DATA' | 'content';

/** RFC 3463 §3.2 and RFC 7505: no such mailbox, domain or syntax; moved; disabled; a domain that takes no mail. */
const deadAddress = new Set(['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']);
/** Servers without enhanced codes say it in words. */
const deadAddressText =
  /\b(?:user|mailbox|recipient|address|account)\b.{0,40}\b(?:unknown|not found|does not exist|doesn't exist|no longer|disabled|invalid)|\b(?:no such|unknown|invalid) (?:user|mailbox|recipient|address|account)|user unknown/i;
/** The server refuses us, whoever the recipient is (RFC 4954 §6). */
const refusesUs = new Set([530, 534, 535, 538]);

/** @param messageId ours; the receipts of the server name it */
export function outcomeOf(reply: Reply, step: Step, messageId: string): Outcome {
  const statusMessage = formatReply(reply);
  if (step === 'content' && isPositive(reply)) {
    return { status: 'SUCCESSFUL', statusCode: 200, statusMessage, messageId };
  }
  if (refusesUs.has(reply.code)) {
    return { status: 'TEMPORARY_FAILURE', statusCode: 403, statusMessage, providerIsDown: true };
  }
  if (reply.code >= 500) {
    const addressIsDead = (step === 'RCPT' || step === 'content') && isDead(reply);
    return { status: 'PERMANENT_FAILURE', statusCode: 400, statusMessage, ...(addressIsDead && { addressIsDead }) };
  }
  // The SMTP interfaces of SES and others speak so of their sending rate.
  if (/\bthrottl|\bsending rate\b|\brate limit/i.test(statusMessage)) {
    return { status: 'THROTTLED', statusCode: 429, statusMessage };
  }
  return { status: 'TEMPORARY_FAILURE', statusCode: 503, statusMessage };
}

function isDead({ code, enhancedCode, lines }: Reply): boolean {
  if (enhancedCode !== undefined) return deadAddress.has(enhancedCode);
  return (code === 550 || code === 551 || code === 553) && deadAddressText.test(lines.join(' '));
}

/** Nothing of the message was sent: its content at least. */
export function outcomeBefore(fault: SmtpFault): Outcome {
  return {
    ...{ status: 'TEMPORARY_FAILURE', statusMessage: fault.message },
    statusCode: fault.kind === 'credentials' ? 403 : 503,
    ...(fault.kind !== 'closed' && { providerIsDown: true }),
  };
}

/** The content was sent, its end too: the server may have taken it. */
export function outcomeAfter(fault: SmtpFault): Outcome {
  return { status: 'UNKNOWN_FAILURE', statusCode: 500, statusMessage: fault.message };
}
