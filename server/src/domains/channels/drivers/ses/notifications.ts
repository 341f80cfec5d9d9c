/**
 * What SES tells of mails (SES guide, "Amazon SNS notification contents" and "event publishing"): bounces, complaints and
 * deliveries. Opens and clicks are counted by Repoint's own links and left aside.
 */
import type { EmailFeedback, ProviderNews, Receipt } from '../../driver.ts';
import { type JsonObject, objectOf, readAnswer, textOf } from '../delivery/json-answer.ts';

/** @param now for what carries no time. @returns nothing for what is no notification of SES */
export function readNotification(text: string, now: Date): ProviderNews[] {
  const notification = readAnswer(text);
  const messageId = textOf(objectOf(notification['mail'])['messageId']);
  if (messageId === undefined) return [];
  const detailOf = (name: string) => objectOf(notification[name]);
  switch (notification['notificationType'] ?? notification['eventType']) {
    case 'Bounce':
      return bounces(detailOf('bounce'), messageId, now);
    case 'Complaint':
      return complaints(detailOf('complaint'), messageId, now);
    case 'Delivery':
      return [receipt(messageId, timeOf(detailOf('delivery'), now), 'DELIVERED', true)];
    case 'DeliveryDelay':
      return [receipt(messageId, timeOf(detailOf('deliveryDelay'), now), 'PENDING', false)];
    case 'Reject':
      // SES found a virus: accepted, and thrown away.
      return [receipt(messageId, now, 'BLOCKED', true)];
    default:
      return [];
  }
}

function bounces(bounce: JsonObject, messageId: string, now: Date): EmailFeedback[] {
  const kind = ['bounceType', 'bounceSubType'].flatMap((name) => textOf(bounce[name]) ?? []).join('/');
  return recipientsOf(bounce['bouncedRecipients']).map(({ address, detail }) => ({
    ...{ type: 'bounce', messageId, address, at: timeOf(bounce, now) },
    ...{ permanent: bounce['bounceType'] === 'Permanent', detail: detail ?? kind },
  }));
}

function complaints(complaint: JsonObject, messageId: string, now: Date): EmailFeedback[] {
  const detail = textOf(complaint['complaintFeedbackType']) ?? textOf(complaint['complaintSubType']) ?? '';
  return recipientsOf(complaint['complainedRecipients']).map(({ address }) => ({
    ...{ type: 'complaint', messageId, address, permanent: false, detail, at: timeOf(complaint, now) },
  }));
}

function recipientsOf(list: unknown): { address: string; detail: string | undefined }[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry) => {
    const recipient = objectOf(entry);
    const address = textOf(recipient['emailAddress']);
    const detail = textOf(recipient['diagnosticCode']) ?? textOf(recipient['status']);
    // SES repeats To as it stood, which may have a name.
    return address === undefined ? [] : [{ address: address.replace(/^.*<([^<>]+)>\s*$/, '$1'), detail }];
  });
}

function receipt(messageId: string, at: Date, recordStatus: string, final: boolean): Receipt {
  const delivered = recordStatus === 'DELIVERED';
  return { type: 'receipt', channel: 'EMAIL', messageId, at, recordStatus, final, delivered };
}

function timeOf({ timestamp }: JsonObject, now: Date): Date {
  const time = new Date(textOf(timestamp) ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? now : time;
}
