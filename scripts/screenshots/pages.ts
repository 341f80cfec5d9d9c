/** Every page of the console, by the name its picture has. A new page adds its line here. */
import type { Filled } from './fill-server.ts';

export function pagesOf(filled: Filled): ReadonlyMap<string, string> {
  const { projectId, emptyProjectId, endpointId, segmentId, importId, exportId, messageId, campaignId } = filled;
  const { eventCampaignId } = filled;
  const project = `/projects/${projectId}`;
  const empty = `/projects/${emptyProjectId}`;
  return new Map([
    ['projects', '/projects'],
    ['project-new', empty],
    ['project', project],
    ['people', `${project}/people`],
    ['people-empty', `${empty}/people`],
    ['endpoint', `${project}/people/${endpointId}`],
    ['endpoint-events', `${project}/people/${endpointId}?tab=events`],
    ['endpoint-messages', `${project}/people/${endpointId}?tab=messages`],
    ['endpoint-segments', `${project}/people/${endpointId}?tab=segments`],
    ['segments', `${project}/segments`],
    ['segments-empty', `${empty}/segments`],
    ['segment', `${project}/segments/${segmentId}`],
    ['segment-builder', `${project}/segments/${segmentId}/edit`],
    ['segment-new', `${project}/segments/new`],
    ['imports', `${project}/imports`],
    ['import-new', `${project}/imports/new`],
    ['import', `${project}/imports/${importId}`],
    ['exports', `${project}/exports`],
    ['export-new', `${project}/exports/new`],
    ['export', `${project}/exports/${exportId}`],
    ['templates', `${project}/templates`],
    ['template-email', `${project}/templates/EMAIL/welcome`],
    ['template-email-edit', `${project}/templates/EMAIL/welcome/edit`],
    ['template-push-new', `${project}/templates/PUSH`],
    ['template-in-app-new', `${project}/templates/INAPP`],
    ['template-in-app', `${project}/templates/INAPP/gift`],
    ['template-in-app-edit', `${project}/templates/INAPP/gift/edit`],
    ['campaign-events', `${project}/campaigns/${eventCampaignId}`],
    ['test-messages', `${project}/test-messages`],
    ['outbox', `${project}/outbox`],
    ['outbox-message', `${project}/outbox/${messageId}`],
    ['channels', `${project}/channels`],
    ['channel-email', `${project}/channels/email`],
    ['channel-apns', `${project}/channels/apns`],
    ['campaigns', `${project}/campaigns`],
    ['campaign-new', `${project}/campaigns/new`],
    ['campaign', `${project}/campaigns/${campaignId}`],
    ['journeys', `${project}/journeys`],
    ...analyticsPages(filled, project, empty),
    ...privacyPages(filled, project, empty),
    ['suppression-list', '/suppression-list'],
    ['sms-numbers', '/sms-numbers'],
    ['sms-number', '/sms-numbers/%2B12025550123'],
    ['inbound-messages', '/inbound-messages'],
    ['access-keys', '/access-keys'],
    ['users', '/users'],
    ['policies', '/policies'],
    ['policy-ready-made', '/policies/privacy-officer'],
    ['policy-new', '/new-policy?copy=sender'],
    ['audit-log', '/audit-log?period=all'],
    ['audit-log-calls', '/audit-log?tab=calls'],
    ['health', '/health'],
    ['background-jobs', '/background-jobs'],
    ['not-found', '/nowhere'],
  ]);
}

function privacyPages(filled: Filled, project: string, empty: string): readonly (readonly [string, string])[] {
  const { erasureId, waitingErasureId, accessRequestId, fileErasureId, projectErasureId } = filled;
  return [
    ['privacy-erasures', `${project}/erasures`],
    ['privacy-erasures-empty', `${empty}/erasures`],
    ['privacy-erasure-new', `${project}/erasures/new`],
    ['privacy-erasure', `${project}/erasures/${erasureId}`],
    ['privacy-erasure-waiting', `${project}/erasures/${waitingErasureId}`],
    ['privacy-access-requests', `${project}/access-requests`],
    ['privacy-access-request', `${project}/access-requests/${accessRequestId}`],
    ['privacy-files', `${project}/files`],
    ['privacy-file-erasures', `${project}/files?tab=erasures`],
    ['privacy-file-erasure-new', `${project}/files/erase`],
    ['privacy-file-erasure', `${project}/files/erasures/${fileErasureId}`],
    ['privacy-retention', `${project}/privacy`],
    ['privacy-holds', `${project}/privacy?tab=holds`],
    ['privacy-settings', `${project}/privacy?tab=settings`],
    ['privacy-told', `${project}/privacy?tab=told`],
    ['privacy-archives', `${project}/archives`],
    ['privacy-receipts', '/erasure-receipts'],
    ['privacy-receipt', `/erasure-receipts/${projectErasureId}`],
    ['privacy-project-erasures', '/project-erasures'],
    ['privacy-project-erasure', `/project-erasures/${projectErasureId}`],
    ['privacy-account', '/account'],
  ];
}

function analyticsPages({ campaignId, funnelId }: Filled, project: string, empty: string): [string, string][] {
  return [
    ['analytics', `${project}/analytics`],
    ['analytics-empty', `${empty}/analytics`],
    ['analytics-usage', `${project}/analytics/usage`],
    ['analytics-revenue', `${project}/analytics/revenue?range=14d`],
    ['analytics-events', `${project}/analytics/events?by=source`],
    ['analytics-event-names', `${project}/analytics/events?tab=names`],
    ['analytics-funnels', `${project}/analytics/funnels`],
    ['analytics-funnels-empty', `${empty}/analytics/funnels`],
    ['analytics-funnel', `${project}/analytics/funnels/${funnelId}`],
    ['analytics-funnel-edit', `${project}/analytics/funnels/${funnelId}/edit`],
    ['analytics-demographics', `${project}/analytics/demographics`],
    ['analytics-campaigns', `${project}/analytics/campaigns?range=7d`],
    ['analytics-campaign', `${project}/analytics/campaigns/${campaignId}?range=7d`],
    ['analytics-transactional', `${project}/analytics/transactional?range=7d`],
    ['analytics-transactional-sms', `${project}/analytics/transactional?range=7d&tab=sms`],
    ['event-stream', `${project}/event-stream`],
    ['event-stream-empty', `${empty}/event-stream`],
  ];
}
