/** From sources and one recipient to a message that may be claimed, or the reason why there is none. */
import {
  type ChannelType,
  isPushChannel,
  type OpenProvider,
  type PushChannelType,
  type PushOrigin,
} from '../../channels/index.ts';
import { RenderFault, TemplateFault, type Variables } from '../../templates/index.ts';
import type { SendResult } from '../sends/send.ts';
import { type Composed, composeEmail, composePush, composeSms, composeVoice } from './content.ts';
import { Rendering, Unsendable } from './rendering.ts';
import type { MessageSources, Overrides, PushSource, TextSource } from './sources.ts';

export interface Recipient {
  readonly channelType: ChannelType;
  readonly address: string;
  readonly overrides: Overrides;
  /** Of endpoints, as messages may show it to the device. */
  readonly endpointId: string | undefined;
  /** What texts may ask for, with the substitutions and defaults of a source. */
  variablesFor(source: TextSource): Variables;
}

export interface ComposeOptions {
  readonly origin: PushOrigin;
  readonly context: Readonly<Record<string, string>>;
  readonly traceId: string | undefined;
  readonly now: Date;
  readonly missingVariables: 'OMIT' | 'FAIL';
}

export type Refused = SendResult & { readonly status: 'PERMANENT_FAILURE' };

export type ComposedOrRefused =
  | { readonly composed: Composed; readonly rendering: Rendering }
  | { readonly refused: Refused };

export function compose(
  sources: MessageSources,
  recipient: Recipient,
  provider: OpenProvider,
  options: ComposeOptions,
): ComposedOrRefused {
  try {
    const source = sourceFor(sources, recipient);
    const { now, missingVariables } = options;
    const rendering = new Rendering({ variables: recipient.variablesFor(source), now, missingVariables });
    return { composed: composeOn(sources, recipient, rendering, provider, options), rendering };
  } catch (error) {
    if (error instanceof Unsendable) return { refused: refusal(error.message, error.statusCode) };
    if (error instanceof TemplateFault || error instanceof RenderFault) return { refused: refusal(error.message) };
    throw error;
  }
}

export function refusal(statusMessage: string, statusCode = 400): Refused {
  return { status: 'PERMANENT_FAILURE', statusCode, statusMessage };
}

function sourceFor(sources: MessageSources, { channelType, overrides }: Recipient): TextSource {
  if (isPushChannel(channelType)) return pushSourceFor(sources, channelType, overrides);
  const source = sources[plainSource(channelType)];
  if (source === undefined) throw new Unsendable(`The message has nothing for the channel ${channelType}`);
  return source;
}

/** A payload of the recipient's own needs no message beside it (dossier/messaging §5.1). */
function pushSourceFor(sources: MessageSources, channelType: PushChannelType, { rawContent }: Overrides): PushSource {
  const source = sources.push(channelType);
  if (source !== undefined) return source;
  if (rawContent !== undefined) return { message: {}, substitutions: {}, defaults: {} };
  throw new Unsendable(`The message has nothing for the channel ${channelType}`);
}

function plainSource(channelType: ChannelType): 'email' | 'sms' | 'voice' {
  switch (channelType) {
    case 'EMAIL':
      return 'email';
    case 'SMS':
      return 'sms';
    case 'VOICE':
      return 'voice';
    default:
      throw new Unsendable(`The channel ${channelType} is not supported`);
  }
}

function composeOn(
  sources: MessageSources,
  { channelType, address, overrides, endpointId }: Recipient,
  rendering: Rendering,
  { channel = noChannel }: OpenProvider,
  { origin, context, traceId, now }: ComposeOptions,
): Composed {
  const { email, sms, voice } = sources;
  if (isPushChannel(channelType)) {
    const source = pushSourceFor(sources, channelType, overrides);
    return composePush(channelType, address, source, overrides, rendering, {
      ...{ origin, context, now },
      ...(traceId !== undefined && { traceId }),
      ...(endpointId !== undefined && { endpointId }),
    });
  }
  if (channelType === 'EMAIL' && email) return composeEmail(address, email, overrides, rendering, channel);
  if (channelType === 'SMS' && sms) return composeSms(address, sms, overrides, rendering, channel);
  if (channelType === 'VOICE' && voice) return composeVoice(address, voice, overrides, rendering);
  throw new Unsendable(`The message has nothing for the channel ${channelType}`);
}

/** Of a channel that was never set up: nothing to fall back to. */
const noChannel = { enabled: false };
