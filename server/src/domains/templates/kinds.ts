/**
 * The kinds of message templates as one table (dossier/messaging §2.3): what each is called in ARNs, in operations and
 * in their bodies, how large its parts may be, which of its texts are rendered.
 */
import type {
  EmailTemplateRequest,
  InAppTemplateRequest,
  PushNotificationTemplateRequest,
  SMSTemplateRequest,
  TemplateType,
  VoiceTemplateRequest,
} from '../../contract/pinpoint-types.ts';
import { checkEmailHeaders } from './email-headers.ts';
import { checkInAppContent } from './in-app.ts';

export type { TemplateType };

/** Bodies of create and update. */
export interface TemplateRequests {
  readonly EMAIL: EmailTemplateRequest;
  readonly PUSH: PushNotificationTemplateRequest;
  readonly SMS: SMSTemplateRequest;
  readonly VOICE: VoiceTemplateRequest;
  readonly INAPP: InAppTemplateRequest;
}

/** What one version of a template is: the body as it was written. Tags belong to the template, not to a version. */
export type TemplateContents = { readonly [Type in TemplateType]: Omit<TemplateRequests[Type], 'tags'> };

/** The kind in names of operations: `CreateInAppTemplate`. */
export interface OperationParts {
  readonly EMAIL: 'Email';
  readonly PUSH: 'Push';
  readonly SMS: 'Sms';
  readonly VOICE: 'Voice';
  readonly INAPP: 'InApp';
}

/** The member of an operation's input that is the body. */
export interface BodyMembers {
  readonly EMAIL: 'EmailTemplateRequest';
  readonly PUSH: 'PushNotificationTemplateRequest';
  readonly SMS: 'SMSTemplateRequest';
  readonly VOICE: 'VoiceTemplateRequest';
  readonly INAPP: 'InAppTemplateRequest';
}

/** How values are escaped where they are inserted (dossier/messaging §3.2). */
export type Escape = 'html' | 'json' | 'none';

export interface TextPlace {
  /** Members from the content to the text; `*` is every element of a list. */
  readonly path: readonly string[];
  readonly escape: Escape;
}

interface SizeLimit<Content> {
  /** In the sentence of the refusal. */
  readonly part: string;
  readonly characters: number;
  /** Every text in it counts. */
  measured(content: Content): unknown;
}

export interface TemplateKind<Type extends TemplateType> {
  readonly type: Type;
  readonly operation: OperationParts[Type];
  readonly body: BodyMembers[Type];
  readonly sizes: readonly SizeLimit<TemplateContents[Type]>[];
  readonly rendered: readonly TextPlace[];
  /** Rules of this kind alone. @throws BadRequestException */
  check?(content: TemplateContents[Type]): void;
}

const plain = (...path: string[]): TextPlace => ({ path, escape: 'none' });

const email: TemplateKind<'EMAIL'> = {
  type: 'EMAIL',
  operation: 'Email',
  body: 'EmailTemplateRequest',
  sizes: [
    {
      part: 'Subject, HtmlPart, TextPart and Headers together',
      characters: 600_000,
      measured: ({ Subject, HtmlPart, TextPart, Headers }) => [Subject, HtmlPart, TextPart, Headers],
    },
  ],
  rendered: [
    plain('Subject'),
    { path: ['HtmlPart'], escape: 'html' },
    plain('TextPart'),
    plain('Headers', '*', 'Value'),
  ],
  check: ({ Headers }) => checkEmailHeaders(Headers ?? [], 'Headers'),
};

const pushParts = { Default: 4_000, ADM: 6_000, APNS: 4_000, Baidu: 4_000, GCM: 4_000 } as const;
const pushTexts = ['Title', 'Body', 'Url', 'ImageUrl', 'ImageIconUrl', 'SmallImageIconUrl', 'MediaUrl'] as const;

const push: TemplateKind<'PUSH'> = {
  type: 'PUSH',
  operation: 'Push',
  body: 'PushNotificationTemplateRequest',
  sizes: (Object.keys(pushParts) as (keyof typeof pushParts)[]).map((part) => ({
    part,
    characters: pushParts[part],
    measured: (content) => content[part],
  })),
  rendered: Object.keys(pushParts).flatMap((part) => [
    ...pushTexts.map((text) => plain(part, text)),
    { path: [part, 'RawContent'], escape: 'json' },
  ]),
};

const sms: TemplateKind<'SMS'> = {
  type: 'SMS',
  operation: 'Sms',
  body: 'SMSTemplateRequest',
  sizes: [{ part: 'Body', characters: 1_600, measured: ({ Body }) => Body }],
  rendered: [plain('Body')],
};

const voice: TemplateKind<'VOICE'> = {
  type: 'VOICE',
  operation: 'Voice',
  body: 'VoiceTemplateRequest',
  sizes: [{ part: 'Body', characters: 10_000, measured: ({ Body }) => Body }],
  rendered: [plain('Body')],
};

const inApp: TemplateKind<'INAPP'> = {
  type: 'INAPP',
  operation: 'InApp',
  body: 'InAppTemplateRequest',
  sizes: [
    {
      part: 'Content and CustomConfig together',
      characters: 200_000,
      measured: ({ Content, CustomConfig }) => [Content, Object.entries(CustomConfig ?? {})],
    },
  ],
  // Clients show them as they are: there are no variables in them (dossier/messaging §3.1).
  rendered: [],
  check: ({ Content }) => checkInAppContent(Content ?? []),
};

export const templateKinds: { readonly [Type in TemplateType]: TemplateKind<Type> } = {
  EMAIL: email,
  PUSH: push,
  SMS: sms,
  VOICE: voice,
  INAPP: inApp,
};

export const templateTypes = Object.keys(templateKinds) as TemplateType[];

/** Capitals or not (dossier/messaging §2.1). */
export function findTemplateType(text: string): TemplateType | undefined {
  return templateTypes.find((type) => type === text.toUpperCase());
}
