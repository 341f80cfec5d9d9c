/**
 * What is to be said, by channel, before anybody in particular is written to. Direct calls and campaigns have shapes of
 * their own; both become these, once for all their recipients (dossier/messaging §1.11, §5.3).
 */
import type { EmailHeader, PushChannelType, PushMessage } from '../../channels/index.ts';
import type { Defaults } from '../../templates/index.ts';

/** As requests give them: a variable and its values. */
export type Substitutions = Readonly<Record<string, readonly string[]>>;

export interface TextSource {
  /** Of the channel's own message. */
  readonly substitutions: Substitutions;
  /** DefaultSubstitutions of the template. */
  readonly defaults: Defaults;
}

export interface EmailSource extends TextSource {
  readonly from: string | undefined;
  readonly replyTo: readonly string[];
  readonly returnPath: string | undefined;
  readonly subject: string | undefined;
  readonly html: string | undefined;
  readonly text: string | undefined;
  readonly headers: readonly EmailHeader[];
  /** A whole MIME message, which is sent as it is. */
  readonly raw: Buffer | undefined;
}

export interface SmsSource extends TextSource {
  readonly body: string | undefined;
  readonly messageType: 'TRANSACTIONAL' | 'PROMOTIONAL' | undefined;
  readonly originationNumber: string | undefined;
  readonly senderId: string | undefined;
  readonly entityId: string | undefined;
  readonly templateId: string | undefined;
}

export interface VoiceSource extends TextSource {
  readonly body: string | undefined;
  readonly languageCode: string | undefined;
  readonly voiceId: string | undefined;
  readonly originationNumber: string | undefined;
}

export interface PushSource extends TextSource {
  readonly message: PushMessage;
}

/** Undefined: the message has nothing to say on this channel. */
export interface MessageSources {
  readonly email: EmailSource | undefined;
  readonly sms: SmsSource | undefined;
  readonly voice: VoiceSource | undefined;
  push(channelType: PushChannelType): PushSource | undefined;
  /** Of DefaultMessage: for every channel. */
  readonly substitutions: Substitutions;
}

/** What one recipient gets otherwise than all others. */
export interface Overrides {
  readonly title: string | undefined;
  readonly body: string | undefined;
  readonly rawContent: string | undefined;
}
