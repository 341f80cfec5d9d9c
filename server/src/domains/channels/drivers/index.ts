/** The table of drivers. Nobody else imports one. */
import type { DriverKind } from '../driver.ts';
import { adm } from './adm/index.ts';
import { apns } from './apns/index.ts';
import { baidu } from './baidu/index.ts';
import { endUserMessaging } from './end-user-messaging/index.ts';
import { fcm } from './fcm/index.ts';
import { httpDriver } from './http/index.ts';
import { lambda } from './lambda/index.ts';
import { outboxKind } from './outbox/kind.ts';
import type { Outbox } from './outbox/outbox.ts';
import { sesKind } from './ses/ses.ts';
import { smppDriver } from './smpp/index.ts';
import { smtpKind } from './smtp/smtp.ts';
import { twilio } from './twilio/index.ts';
import { webPush } from './web-push/index.ts';
import { webhook } from './webhook/index.ts';

export { outboxKindName } from './outbox/kind.ts';

// biome-ignore lint/suspicious/noExplicitAny: settings go from a kind's `readSettings` back to the same kind only
export type AnyDriverKind = DriverKind<any>;

/** In the order in which they are shown. */
export function driverKinds(outbox: Outbox): readonly AnyDriverKind[] {
  return [
    ...[smtpKind, sesKind],
    ...[smppDriver, twilio, endUserMessaging, httpDriver],
    ...[apns, fcm, adm, baidu, webPush],
    ...[webhook, lambda],
    outboxKind(outbox),
  ];
}
