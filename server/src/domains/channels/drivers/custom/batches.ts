/** Messages of a custom channel as they travel: up to fifty endpoints of one origin in a call (dossier/messaging §14). */
import type { Outcome } from '../../driver.ts';
import type { CustomContent, OutgoingMessage } from '../../message.ts';
import { refused } from '../delivery/outcomes.ts';

export const endpointsPerCall = 50;

export interface CustomBatch {
  readonly deliveryUri: string;
  /** What they have in common is the first one's. */
  readonly first: CustomContent;
  readonly members: readonly Member[];
}

interface Member {
  readonly message: OutgoingMessage;
  readonly content: CustomContent;
}

export interface Batches {
  readonly batches: readonly CustomBatch[];
  /** Messages of another kind. */
  readonly strangers: readonly OutgoingMessage[];
}

export const notCustom: Outcome = refused('Only messages of a custom channel can be delivered here');

export function toBatches(messages: readonly OutgoingMessage[]): Batches {
  const open = new Map<string, Map<string, Member>>();
  const full: Map<string, Member>[] = [];
  const strangers: OutgoingMessage[] = [];
  for (const message of messages) {
    const { content } = message;
    if (content.kind !== 'custom') {
      strangers.push(message);
      continue;
    }
    const key = JSON.stringify([content.deliveryUri, content.data, Object.entries(content.origin).toSorted()]);
    let members = open.get(key);
    if (members === undefined || members.size === endpointsPerCall || members.has(content.endpointId)) {
      members = new Map();
      open.set(key, members);
      full.push(members);
    }
    members.set(content.endpointId, { message, content });
  }
  return { batches: full.map((members) => toBatch([...members.values()])), strangers };
}

function toBatch(members: readonly Member[]): CustomBatch {
  const first = (members[0] as Member).content;
  return { deliveryUri: first.deliveryUri, first, members };
}

/** Members in the order of the documented sample; `Message` is empty there, and stays. */
export function toPayload({ first, members }: CustomBatch): string {
  const { data, origin } = first;
  return JSON.stringify({
    Message: {},
    Data: data,
    ApplicationId: origin.applicationId,
    CampaignId: origin.campaignId,
    TreatmentId: origin.treatmentId,
    ActivityId: origin.activityId,
    ScheduledTime: origin.scheduledTime,
    Endpoints: Object.fromEntries(members.map(({ content }) => [content.endpointId, content.endpoint])),
  });
}
