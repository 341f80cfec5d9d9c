/** Of a message that was claimed and is not settled: sent again, or settled as what it has become meanwhile. */
import type { ChannelType } from '../../channels/index.ts';
import type { RoutedSend } from '../../messaging/index.ts';
import type { ComposeContext } from './compose-send.ts';
import { type Decision, withhold } from './page.ts';

/** @param decision judged once more, but for what was counted when it was claimed */
export function toResend(
  context: Pick<ComposeContext, 'open' | 'run'>,
  { endpoint, treatment, send, withheld }: Decision,
): RoutedSend {
  if (send !== undefined) return send;
  const reason = withheld ?? withhold(context, endpoint, treatment, 'PERMANENT_FAILURE');
  const { run, recipient, detail, shown, statusCode = 200, statusMessage = skippedLater } = reason;
  // Never composed, and never delivered: enough to settle its claim.
  const content = { kind: 'push', payload: '', headers: {} } as const;
  const channelType = (endpoint.channelType ?? 'CUSTOM') as ChannelType;
  return {
    send: { ...{ run, recipient, channelType, address: detail.address, content, detail }, ...(shown && { shown }) },
    outcome: { status: reason.reason, statusCode, statusMessage },
    findProvider: async () => undefined,
  };
}

const skippedLater = 'It was found not to be sent any more when the run went on';
