/** A send that is found again, for events that come later: receipts, clicks, bounces. */
import type { StoredSend } from './log.ts';
import type { ToldSend } from './records.ts';
import { messageKey } from './send.ts';

/** @param keySecret makes message keys */
export function toTold(send: StoredSend, keySecret: Buffer): ToldSend {
  const run = { projectNumber: send.projectNumber, id: send.runId };
  const key = messageKey(keySecret, { run, recipient: { text: send.recipient } });
  return {
    ...{
      projectNumber: send.projectNumber,
      runId: send.runId,
      channelType: send.channelType,
      detail: send.detail,
      key,
    },
    messageId: send.messageId ?? key,
    sentAt: send.settledAt ?? send.startedAt,
  };
}
