/**
 * `npm run bench`: one table of figures, each beside a ceiling measured in the same run on the same machine.
 * Words choose workloads: `npm run bench -- http signature`.
 */
import { benchAnalytics } from './analytics.ts';
import { benchCampaigns } from './campaigns.ts';
import { benchConsole } from './console.ts';
import { benchEmail } from './email.ts';
import { benchEndpoints } from './endpoints.ts';
import { benchErasure } from './erasure.ts';
import { benchEventCampaigns } from './event-campaigns.ts';
import { benchEvents } from './events.ts';
import { benchGrowth } from './growth.ts';
import { benchHttp } from './http.ts';
import { benchInAppMessages } from './in-app-messages.ts';
import { benchMessages } from './messages.ts';
import { benchPipeline } from './pipeline.ts';
import { benchPush } from './push.ts';
import { benchRendering } from './rendering.ts';
import { benchSegments } from './segments.ts';
import { benchSignature } from './signature.ts';
import { benchSms } from './sms.ts';
import { benchStart } from './start.ts';
import { benchStoredEvents } from './stored-events.ts';
import { printTable, type Row } from './table.ts';
import { benchTransfers } from './transfers.ts';
import { benchWebhook } from './webhook.ts';
import { benchWrites } from './writes.ts';

const workloads: Record<string, () => Promise<Row[]>> = {
  start: benchStart,
  signature: benchSignature,
  http: benchHttp,
  writes: benchWrites,
  endpoints: benchEndpoints,
  rendering: benchRendering,
  segments: benchSegments,
  growth: benchGrowth,
  transfers: benchTransfers,
  messages: benchMessages,
  'in-app-messages': benchInAppMessages,
  pipeline: benchPipeline,
  campaigns: benchCampaigns,
  push: benchPush,
  email: benchEmail,
  webhook: benchWebhook,
  events: benchEvents,
  'stored-events': benchStoredEvents,
  analytics: benchAnalytics,
  'event-campaigns': benchEventCampaigns,
  sms: benchSms,
  erasure: benchErasure,
  console: benchConsole,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in workloads));
if (unknown.length > 0) {
  console.error(`Unknown workload ${unknown.join(', ')}. There are: ${Object.keys(workloads).join(', ')}.`);
  process.exit(1);
}

const rows: Row[] = [];
for (const [name, run] of Object.entries(workloads)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.error(`measuring ${name} …`);
  rows.push(...(await run()));
}
printTable(rows);
