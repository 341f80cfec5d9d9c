/**
 * The five kinds of templates as a table: their fields, and the operations of the API for each. A field names its place in
 * the content, so that an editor keeps what it does not show.
 */
import {
  CreateEmailTemplateCommand,
  CreateInAppTemplateCommand,
  CreatePushTemplateCommand,
  CreateSmsTemplateCommand,
  CreateVoiceTemplateCommand,
  DeleteEmailTemplateCommand,
  DeleteInAppTemplateCommand,
  DeletePushTemplateCommand,
  DeleteSmsTemplateCommand,
  DeleteVoiceTemplateCommand,
  GetEmailTemplateCommand,
  GetInAppTemplateCommand,
  GetPushTemplateCommand,
  GetSmsTemplateCommand,
  GetVoiceTemplateCommand,
  type PinpointClient,
  UpdateEmailTemplateCommand,
  UpdateInAppTemplateCommand,
  UpdatePushTemplateCommand,
  UpdateSmsTemplateCommand,
  UpdateVoiceTemplateCommand,
} from '@aws-sdk/client-pinpoint';
import type { Content } from './content.ts';

export type TemplateType = 'EMAIL' | 'SMS' | 'PUSH' | 'VOICE' | 'INAPP';

export interface TemplateField {
  /** `Default.Title`: where it stands in the content. */
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  /** Lines; one for a single line. */
  readonly rows: number;
  readonly required?: boolean;
  /** More characters are never taken: neither shown in the preview nor sent to be refused. */
  readonly longest?: number;
  readonly choices?: readonly string[];
}

export interface Saving {
  readonly name: string;
  readonly content: Content;
  /** Undefined: the latest version is changed. */
  readonly newVersion?: boolean;
}

export interface TemplateKind {
  readonly type: TemplateType;
  readonly title: string;
  readonly fields: readonly TemplateField[];
  get(client: PinpointClient, name: string, version?: string): Promise<Content | undefined>;
  create(client: PinpointClient, saving: Saving): Promise<unknown>;
  update(client: PinpointClient, saving: Saving): Promise<unknown>;
  remove(client: PinpointClient, name: string): Promise<unknown>;
}

const variables = 'Variables are written {{Attributes.name.[0]}}.';
const description: TemplateField = {
  ...{ path: 'TemplateDescription', label: 'Version description', rows: 1, hint: 'Up to 500 characters.' },
};
const defaults: TemplateField = {
  path: 'DefaultSubstitutions',
  label: 'Default attribute values',
  rows: 3,
  hint: 'JSON, such as {"Attributes.name":"friend"}: what stands in for somebody who has no value.',
};

const named = (TemplateName: string, Version?: string) => ({
  TemplateName,
  ...(Version !== undefined && { Version }),
});
const versioned = ({ name, newVersion = false }: Saving) => ({ TemplateName: name, CreateNewVersion: newVersion });

const email: TemplateKind = {
  type: 'EMAIL',
  title: 'E-mail',
  fields: [
    { path: 'Subject', label: 'Subject', rows: 1, hint: variables },
    { path: 'HtmlPart', label: 'HTML', rows: 16, longest: 600_000 },
    { path: 'TextPart', label: 'Plain text', rows: 6, longest: 600_000 },
    defaults,
    description,
  ],
  get: async (client, name, version) =>
    (await client.send(new GetEmailTemplateCommand(named(name, version)))).EmailTemplateResponse as Content | undefined,
  create: (client, { name, content }) =>
    client.send(new CreateEmailTemplateCommand({ TemplateName: name, EmailTemplateRequest: content })),
  update: (client, saving) =>
    client.send(new UpdateEmailTemplateCommand({ ...versioned(saving), EmailTemplateRequest: saving.content })),
  remove: (client, name) => client.send(new DeleteEmailTemplateCommand({ TemplateName: name })),
};

const sms: TemplateKind = {
  type: 'SMS',
  title: 'SMS',
  fields: [
    { path: 'Body', label: 'Text', rows: 5, longest: 1_600, hint: `Up to 1,600 characters. ${variables}` },
    defaults,
    description,
  ],
  get: async (client, name, version) =>
    (await client.send(new GetSmsTemplateCommand(named(name, version)))).SMSTemplateResponse as Content | undefined,
  create: (client, { name, content }) =>
    client.send(new CreateSmsTemplateCommand({ TemplateName: name, SMSTemplateRequest: content })),
  update: (client, saving) =>
    client.send(new UpdateSmsTemplateCommand({ ...versioned(saving), SMSTemplateRequest: saving.content })),
  remove: (client, name) => client.send(new DeleteSmsTemplateCommand({ TemplateName: name })),
};

const raw = (path: string, label: string): TemplateField => ({
  ...{
    path: `${path}.RawContent`,
    label,
    rows: 4,
    hint: 'JSON in the place of the default message, for this service.',
  },
});

const push: TemplateKind = {
  type: 'PUSH',
  title: 'Push notification',
  fields: [
    { path: 'Default.Title', label: 'Title', rows: 1, hint: variables },
    { path: 'Default.Body', label: 'Text', rows: 4 },
    {
      ...{ path: 'Default.Action', label: 'When it is opened', rows: 1 },
      choices: ['OPEN_APP', 'URL', 'DEEP_LINK'],
    },
    { path: 'Default.Url', label: 'Address', rows: 1, hint: 'For URL and DEEP_LINK.' },
    { path: 'Default.Sound', label: 'Sound', rows: 1 },
    ...[raw('APNS', 'Apple'), raw('GCM', 'Google'), raw('ADM', 'Amazon'), raw('Baidu', 'Baidu')],
    defaults,
    description,
  ],
  get: async (client, name, version) =>
    (await client.send(new GetPushTemplateCommand(named(name, version)))).PushNotificationTemplateResponse as
      | Content
      | undefined,
  create: (client, { name, content }) =>
    client.send(new CreatePushTemplateCommand({ TemplateName: name, PushNotificationTemplateRequest: content })),
  update: (client, saving) =>
    client.send(
      new UpdatePushTemplateCommand({ ...versioned(saving), PushNotificationTemplateRequest: saving.content }),
    ),
  remove: (client, name) => client.send(new DeletePushTemplateCommand({ TemplateName: name })),
};

const voice: TemplateKind = {
  type: 'VOICE',
  title: 'Voice',
  fields: [
    { path: 'Body', label: 'What is said', rows: 6, longest: 10_000, hint: `Up to 10,000 characters. ${variables}` },
    { path: 'LanguageCode', label: 'Language', rows: 1, hint: 'Such as en-US.' },
    { path: 'VoiceId', label: 'Voice', rows: 1, hint: 'Such as Joanna.' },
    defaults,
    description,
  ],
  get: async (client, name, version) =>
    (await client.send(new GetVoiceTemplateCommand(named(name, version)))).VoiceTemplateResponse as Content | undefined,
  create: (client, { name, content }) =>
    client.send(new CreateVoiceTemplateCommand({ TemplateName: name, VoiceTemplateRequest: content })),
  update: (client, saving) =>
    client.send(new UpdateVoiceTemplateCommand({ ...versioned(saving), VoiceTemplateRequest: saving.content })),
  remove: (client, name) => client.send(new DeleteVoiceTemplateCommand({ TemplateName: name })),
};

const inApp: TemplateKind = {
  type: 'INAPP',
  title: 'In-app message',
  fields: [
    {
      ...{ path: 'Layout', label: 'Layout', rows: 1 },
      choices: ['TOP_BANNER', 'MIDDLE_BANNER', 'BOTTOM_BANNER', 'OVERLAYS', 'MOBILE_FEED', 'CAROUSEL'],
    },
    {
      ...{ path: 'Content', label: 'Content', rows: 16, required: true },
      hint: 'JSON, one object a slide: BackgroundColor, HeaderConfig, BodyConfig, ImageUrl, PrimaryBtn, SecondaryBtn.',
    },
    { path: 'CustomConfig', label: 'Custom data', rows: 3, hint: 'JSON, up to 10 pairs.' },
    description,
  ],
  get: async (client, name, version) =>
    (await client.send(new GetInAppTemplateCommand(named(name, version)))).InAppTemplateResponse as Content | undefined,
  create: (client, { name, content }) =>
    client.send(new CreateInAppTemplateCommand({ TemplateName: name, InAppTemplateRequest: content })),
  update: (client, saving) =>
    client.send(new UpdateInAppTemplateCommand({ ...versioned(saving), InAppTemplateRequest: saving.content })),
  remove: (client, name) => client.send(new DeleteInAppTemplateCommand({ TemplateName: name })),
};

export const templateKinds: readonly TemplateKind[] = [email, sms, push, voice, inApp];

export function kindOf(type: string): TemplateKind | undefined {
  return templateKinds.find((kind) => kind.type === type);
}
