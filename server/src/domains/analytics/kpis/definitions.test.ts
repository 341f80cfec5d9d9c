/** The documented names, all of them and no others (dossier/events-journeys-console §3.4–3.7). */
import { expect, it } from 'vitest';
import { applicationKpis, campaignKpis, findKpi, kpiNames } from './definitions.ts';

it('are 48 of an application and 18 of a campaign, each found by its name', () => {
  const names = { application: kpiNames(applicationKpis), campaign: kpiNames(campaignKpis) };
  expect([new Set(names.application).size, new Set(names.campaign).size]).toEqual([48, 18]);
  for (const name of names.application) expect(findKpi(applicationKpis, name), name).toBeDefined();
  for (const name of names.campaign) expect(findKpi(campaignKpis, name), name).toBeDefined();
  expect(findKpi(applicationKpis, 'txn-sms-error-distribution')?.grouping).toBe('ErrorCode');
  expect(findKpi(applicationKpis, 'txn-sms-sent-by-parts-grouped-by-country')?.valueKey).toBe('TxnSmsSentByParts');
});

it.each(['txn-emails-sent-grouped-by-country', 'txn-sms-total-price', 'constructor', 'clicks', 'txn', ''])(
  'do not have %s among them',
  (name) => expect(findKpi(applicationKpis, name)).toBeUndefined(),
);
