/** From the shapes of the contract to `PushMessage`: one function each (dossier/messaging §1.11, §2.3, §5.3). */
import type {
  ADMMessage,
  APNSMessage,
  BaiduMessage,
  DefaultPushNotificationMessage,
  GCMMessage,
  Message,
  PushNotificationTemplateRequest,
} from '../../../contract/pinpoint-types.ts';
import type { PushMessage } from './push-message.ts';

type PushTemplate = Pick<PushNotificationTemplateRequest, 'ADM' | 'APNS' | 'Baidu' | 'Default' | 'GCM'>;

/** Members that all direct shapes have. */
type CommonMembers = Pick<DefaultPushNotificationMessage, 'Action' | 'Body' | 'Data' | 'SilentPush' | 'Title' | 'Url'>;

function fromCommonMembers({ Action, Body, Data, SilentPush, Title, Url }: CommonMembers): PushMessage {
  return {
    action: Action,
    url: Url,
    title: Title,
    body: Body,
    silentPush: SilentPush,
    jsonBody: Data === undefined ? undefined : JSON.stringify(Data),
  };
}

/** Members that GCM, ADM and Baidu share. */
function fromAndroidMembers(message: ADMMessage | BaiduMessage | GCMMessage): PushMessage {
  return {
    ...fromCommonMembers(message),
    imageUrl: message.ImageUrl,
    imageIconUrl: message.ImageIconUrl,
    smallImageIconUrl: message.SmallImageIconUrl,
    iconReference: message.IconReference,
    sound: message.Sound,
    rawContent: message.RawContent,
  };
}

export function fromDefaultPush(message: DefaultPushNotificationMessage): PushMessage {
  return fromCommonMembers(message);
}

export function fromGcmMessage(message: GCMMessage): PushMessage {
  return {
    ...fromAndroidMembers(message),
    collapseId: message.CollapseKey,
    priority: readPriority(message.Priority),
    restrictedPackageName: message.RestrictedPackageName,
    timeToLive: message.TimeToLive,
    authentication: readAuthentication(message.PreferredAuthenticationMethod, 'KEY'),
  };
}

export function fromApnsMessage(message: APNSMessage): PushMessage {
  return {
    ...fromCommonMembers(message),
    mediaUrl: message.MediaUrl,
    sound: message.Sound,
    badge: message.Badge,
    category: message.Category,
    threadId: message.ThreadId,
    rawContent: message.RawContent,
    collapseId: message.CollapseId,
    pushType: message.APNSPushType,
    priority: readPriority(message.Priority),
    timeToLive: message.TimeToLive,
    authentication: readAuthentication(message.PreferredAuthenticationMethod, 'TOKEN'),
  };
}

export function fromAdmMessage(message: ADMMessage): PushMessage {
  return {
    ...fromAndroidMembers(message),
    collapseId: message.ConsolidationKey,
    expiresAfter: message.ExpiresAfter,
    md5: message.MD5,
  };
}

export function fromBaiduMessage(message: BaiduMessage): PushMessage {
  return { ...fromAndroidMembers(message), timeToLive: message.TimeToLive };
}

/** Campaigns have one shape for all services; its JsonBody is text of the caller, not a map. */
export function fromCampaignMessage(message: Message): PushMessage {
  return {
    action: message.Action,
    url: message.Url,
    title: message.Title,
    body: message.Body,
    imageUrl: message.ImageUrl,
    imageIconUrl: message.ImageIconUrl,
    smallImageIconUrl: message.ImageSmallIconUrl,
    mediaUrl: message.MediaUrl,
    silentPush: message.SilentPush,
    jsonBody: message.JsonBody,
    rawContent: message.RawContent,
    timeToLive: message.TimeToLive,
  };
}

/**
 * The part of one service over `Default`, member by member; a part with RawContent replaces everything
 * (dossier/messaging §2.3).
 * @param settings a message that stands beside the template: it gives what templates have no members for (silence, time
 *   to live, priority, data, collapsing), its content is not used (§1.11)
 */
export function fromPushTemplate(
  template: PushTemplate,
  service: 'ADM' | 'APNS' | 'Baidu' | 'GCM',
  settings: PushMessage = {},
): PushMessage {
  const part = template[service];
  const kept = withoutContent(settings);
  if (part?.RawContent !== undefined) return { ...kept, rawContent: part.RawContent };
  const { Action, Body, Sound, Title, Url } = { ...template.Default, ...part };
  const content = { ...kept, action: Action, url: Url, title: Title, body: Body, sound: Sound };
  if (service === 'APNS') return { ...content, mediaUrl: template.APNS?.MediaUrl };
  const { ImageUrl, ImageIconUrl, SmallImageIconUrl } = template[service] ?? {};
  return { ...content, imageUrl: ImageUrl, imageIconUrl: ImageIconUrl, smallImageIconUrl: SmallImageIconUrl };
}

function withoutContent(message: PushMessage): PushMessage {
  const { silentPush, jsonBody, timeToLive, priority, collapseId, pushType, restrictedPackageName } = message;
  const { badge, category, threadId, expiresAfter, md5, authentication } = message;
  return {
    ...{ silentPush, jsonBody, timeToLive, priority, collapseId, pushType, restrictedPackageName },
    ...{ badge, category, threadId, expiresAfter, md5, authentication },
  };
}

/** Either service takes the words and the numbers of the other. Anything else leaves the default. */
function readPriority(given: string | undefined): PushMessage['priority'] {
  switch (given?.toLowerCase()) {
    case '5':
    case 'normal':
      return 'normal';
    case '10':
    case 'high':
      return 'high';
    default:
      return undefined;
  }
}

/** The channel says `key` for what APNs messages call TOKEN; for GCM `KEY` is a method of its own (§8.2). */
function readAuthentication(given: string | undefined, key: 'KEY' | 'TOKEN'): PushMessage['authentication'] {
  switch (given?.toUpperCase()) {
    case 'KEY':
      return key;
    case 'TOKEN':
      return 'TOKEN';
    case 'CERTIFICATE':
      return key === 'TOKEN' ? 'CERTIFICATE' : undefined;
    default:
      return undefined;
  }
}
