/** Campaigns and what they sent, written as the server writes them, for tests of what is read of them afterwards. */
import { sql } from 'kysely';
import type { Database } from '../../src/database/index.ts';
import { ensureTimePartitions } from '../../src/database/index.ts';
import type { CampaignDefinition } from '../../src/domains/campaigns/campaign.ts';
import { insertCampaign } from '../../src/domains/campaigns/store.ts';
import type { CampaignOrigin, DirectOrigin, EventProject } from '../../src/domains/events/index.ts';
import { bucketOf, foldEndpointId } from '../../src/kernel/bucket.ts';
import { newId } from '../../src/kernel/ids.ts';

/** @returns its id */
export async function putCampaign(
  database: Database,
  project: EventProject,
  { now, ...definition }: Partial<CampaignDefinition> & { readonly now: Date },
): Promise<string> {
  const id = newId();
  const whole: CampaignDefinition = {
    ...{ Name: 'campaign', SegmentId: 'segment', SegmentVersion: 1, Schedule: { StartTime: 'IMMEDIATE' } },
    ...definition,
  };
  await database.transaction((tx) =>
    insertCampaign(tx, {
      ...{ projectNumber: project.number, id, definition: whole, inherited: { limits: {} }, isPaused: false, now },
    }),
  );
  return id;
}

export interface StoredMessage {
  readonly endpointId: string;
  readonly runId: string;
  readonly at: Date;
  readonly origin: CampaignOrigin | DirectOrigin;
  /** @default SUCCESSFUL */
  readonly status?: string;
  /** @default EMAIL */
  readonly channelType?: string;
}

/** Rows of the log of sends, as claim and settlement leave them. */
export async function putMessages(
  database: Database,
  { number, accountId, id }: EventProject,
  messages: readonly StoredMessage[],
): Promise<void> {
  for (const { endpointId, runId, at, origin, status = 'SUCCESSFUL', channelType = 'EMAIL' } of messages) {
    await ensureTimePartitions(database.query, 'sends', at);
    const recipient = foldEndpointId(endpointId);
    const detail = { accountId, applicationId: id, address: 'a@example.com', origin, endpointId };
    await sql`
      insert into sends (project_number, bucket, recipient, run_id, started_at, channel_type, detail, status, settled_at)
      values (${number}, ${bucketOf(recipient)}, ${recipient}, ${runId}, ${at}, ${channelType},
              ${JSON.stringify(detail)}::jsonb, ${status}, ${at})`.execute(database.query);
  }
}
