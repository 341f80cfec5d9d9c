/**
 * The flat keys that Pinpoint's Android clients read, shared by FCM, ADM and Baidu (dossier/messaging §11.1, sources
 * there: PushNotificationsConstants.kt, NotificationClientBase, getAnalyticsEvent.ts). All values are strings.
 */
import { attributionOf, surroundingsOf } from './attribution.ts';
import { type PushCircumstances, type PushMessage, type PushOrigin, present } from './push-message.ts';

export function androidData(message: PushMessage, circumstances: PushCircumstances): Record<string, string> {
  const surroundings = surroundingsOf(circumstances);
  return present({
    ...actionOf(message),
    'pinpoint.notification.title': message.title,
    'pinpoint.notification.body': message.body,
    'pinpoint.notification.imageUrl': message.imageUrl,
    'pinpoint.notification.imageIconUrl': message.imageIconUrl,
    'pinpoint.notification.imageSmallIconUrl': message.smallImageIconUrl,
    'pinpoint.notification.icon': message.iconReference,
    'pinpoint.notification.sound': message.sound,
    // Clients compare with "1".
    'pinpoint.notification.silentPush': message.silentPush === true ? '1' : '0',
    'pinpoint.jsonBody': message.jsonBody,
    ...attributionKeys(circumstances.origin),
    data: Object.keys(surroundings).length === 0 ? undefined : JSON.stringify({ pinpoint: surroundings }),
  });
}

/** An action without its Url opens the app, as clients do when the key is missing. */
function actionOf({ action, url }: PushMessage): Record<string, string> {
  if (action === 'URL' && url !== undefined) return { 'pinpoint.url': url };
  if (action === 'DEEP_LINK' && url !== undefined) return { 'pinpoint.deeplink': url };
  return { 'pinpoint.openApp': 'true' };
}

/** Campaigns in flat keys; journeys as JSON text, which amplify-js parses when there is no campaign key. */
function attributionKeys(origin: PushOrigin): Record<string, string> {
  const { campaign, ...others } = attributionOf(origin);
  if (campaign === undefined) return { pinpoint: JSON.stringify(others) };
  return Object.fromEntries(Object.entries(campaign).map(([key, value]) => [`pinpoint.campaign.${key}`, value]));
}

/** UTF-8 bytes of keys and values: what FCM and ADM count. */
export function bytesOfData(data: Readonly<Record<string, string>>): number {
  return Object.entries(data).reduce((sum, entry) => sum + Buffer.byteLength(entry.join('')), 0);
}
