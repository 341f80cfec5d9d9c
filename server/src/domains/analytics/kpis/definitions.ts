/**
 * The KPIs that Pinpoint documents, by name: what each adds up, and by what it may be grouped
 * (dossier/events-journeys-console §3.4–3.7). Pure.
 */

export type Grouping = 'Date' | 'CampaignId' | 'CampaignActivityId' | 'Country' | 'ErrorCode';

/** Sums of counters by metric; a metric that nothing was counted of is 0. */
export type Sums = (metric: string) => number;

export interface CounterKpi {
  readonly kind: 'counters';
  readonly metrics: readonly string[];
  /** Where none of these was counted, nothing happened that there could be a figure of: null, and not zero. */
  readonly base: readonly string[];
  /** null where there is nothing to divide by. */
  value(sums: Sums): number | null;
}

/** How many distinct ones there were, from `analytics_uniques`. */
export interface UniqueKpi {
  readonly kind: 'uniques';
  /** By grouping, since each counts its own. */
  readonly metrics: Readonly<Partial<Record<Grouping | 'none', string>>>;
  /** With something counted of these, nobody is zero. */
  readonly base: readonly string[];
}

export type Kpi = (CounterKpi | UniqueKpi) & {
  readonly groupings: readonly (Grouping | 'none')[];
};

export interface NamedKpi {
  readonly kpi: Kpi;
  readonly grouping: Grouping | 'none';
  /** `TxnEmailsSent` */
  readonly valueKey: string;
}

const suffixes: Readonly<Record<string, Grouping>> = {
  '-grouped-by-date': 'Date',
  '-grouped-by-campaign': 'CampaignId',
  '-grouped-by-campaign-activity': 'CampaignActivityId',
  '-grouped-by-country': 'Country',
};

type Groupings = readonly (Grouping | 'none')[];

function count(groupings: Groupings, metric: string, base: readonly string[] = [metric]): Kpi {
  return { kind: 'counters', groupings, metrics: [...new Set([metric, ...base])], base, value: (sums) => sums(metric) };
}

function computed(
  groupings: Groupings,
  base: readonly string[],
  further: readonly string[],
  value: CounterKpi['value'],
): Kpi {
  return { kind: 'counters', groupings, metrics: [...new Set([...base, ...further])], base, value };
}

export function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

const accepted = ['email', 'sms', 'push', 'other'].map((family) => `campaign accepted ${family}`);
const sent = (sums: Sums) => accepted.reduce((total, metric) => total + sums(metric), 0);
/** A carrier that refuses an SMS for good is to it what a hard bounce is to a mail. */
const undelivered = ['campaign email hard bounced', 'campaign sms failed'];
const successful = (sums: Sums) =>
  Math.max(
    undelivered.reduce((left, metric) => left - sums(metric), sent(sums)),
    0,
  );

const email = ['campaign accepted email'];
const emailDelivered = (sums: Sums) =>
  Math.max(sums('campaign accepted email') - sums('campaign email hard bounced'), 0);
const push = ['campaign accepted push'];

const campaignRates = (groupings: { delivery: Groupings; open: Groupings; push: Groupings }) => ({
  'successful-delivery-rate': computed(groupings.delivery, accepted, undelivered, (sums) =>
    ratio(successful(sums), sent(sums)),
  ),
  'email-open-rate': computed(groupings.open, email, ['campaign email opened', 'campaign email hard bounced'], (sums) =>
    ratio(sums('campaign email opened'), emailDelivered(sums)),
  ),
  'push-open-rate': computed(groupings.push, push, ['campaign push opened'], (sums) =>
    ratio(sums('campaign push opened'), sums('campaign accepted push')),
  ),
});

const uniqueDeliveries = (grouping: 'CampaignId' | 'CampaignActivityId', scoped: string): Kpi => ({
  kind: 'uniques',
  groupings: ['none', grouping, 'Date'],
  base: accepted,
  metrics: {
    none: scoped === 'delivered by activity' ? 'delivered by campaign' : 'delivered',
    Date: scoped === 'delivered by activity' ? 'delivered by campaign' : 'delivered',
    [grouping]: scoped,
  },
});

const mails = ['direct email sent'];
const byDate: Groupings = ['none', 'Date'];
const mailsUndelivered = ['direct email soft bounced', 'direct email hard bounced', 'direct email rejected'];
const mailsDelivered = (sums: Sums) =>
  Math.max(
    mailsUndelivered.reduce((left, metric) => left - sums(metric), sums('direct email sent')),
    0,
  );
const uniqueMails = (metric: string): Kpi => ({
  kind: 'uniques',
  groupings: byDate,
  base: mails,
  metrics: { none: metric, Date: metric },
});

const transactionalEmail: Readonly<Record<string, Kpi>> = {
  'txn-emails-sent': count(byDate, 'direct email sent'),
  'txn-emails-delivered': computed(byDate, mails, mailsUndelivered, mailsDelivered),
  'txn-emails-delivery-rate': computed(byDate, mails, mailsUndelivered, (sums) =>
    ratio(mailsDelivered(sums), sums('direct email sent')),
  ),
  'txn-emails-opened': count(byDate, 'direct email opened', mails),
  'txn-emails-unique-opens': uniqueMails('direct opened'),
  'txn-emails-clicked': count(byDate, 'direct email every click', mails),
  'txn-emails-unique-clicks': uniqueMails('direct clicked'),
  'txn-emails-hard-bounced': count(byDate, 'direct email hard bounced', mails),
  'txn-emails-soft-bounced': count(byDate, 'direct email soft bounced', mails),
  'txn-emails-with-complaints': count(byDate, 'direct email complained', mails),
  'txn-emails-complaint-rate': computed(byDate, mails, ['direct email complained'], (sums) =>
    ratio(sums('direct email complained'), sums('direct email sent')),
  ),
};

const texts = ['direct sms sent'];
const transactionalSms: Readonly<Record<string, Kpi>> = {
  'txn-sms-sent': count(['none', 'Country', 'Date'], 'direct sms sent'),
  'txn-sms-sent-by-parts': count(['none', 'Country'], 'direct sms parts'),
  'txn-sms-delivered': count(['none', 'Country', 'Date'], 'direct sms delivered', texts),
  'txn-sms-delivered-by-parts': count(['none', 'Country'], 'direct sms parts delivered', texts),
  'txn-sms-delivery-rate': computed(byDate, texts, ['direct sms delivered'], (sums) =>
    ratio(sums('direct sms delivered'), sums('direct sms sent')),
  ),
  'txn-sms-error-distribution': count(['ErrorCode'], 'direct sms failed'),
  'txn-sms-average-price': computed(['Country'], ['direct sms price'], texts, (sums) =>
    ratio(sums('direct sms price'), sums('direct sms sent')),
  ),
  'txn-sms-average-price-by-parts': computed(['Country'], ['direct sms price'], ['direct sms parts'], (sums) =>
    ratio(sums('direct sms price'), sums('direct sms parts')),
  ),
  'txn-sms-total-price': count(['Country'], 'direct sms price'),
};

export const applicationKpis: Readonly<Record<string, Kpi>> = {
  ...campaignRates({ delivery: byDate, open: ['none', 'CampaignId'], push: ['none', 'CampaignId'] }),
  'unique-deliveries': uniqueDeliveries('CampaignId', 'delivered by campaign'),
  'successful-deliveries': computed(['CampaignId'], accepted, undelivered, successful),
  ...transactionalEmail,
  ...transactionalSms,
};

const runs: Groupings = ['none', 'CampaignActivityId'];
const run: Groupings = ['CampaignActivityId'];

export const campaignKpis: Readonly<Record<string, Kpi>> = {
  ...campaignRates({ delivery: ['none', 'CampaignActivityId', 'Date'], open: runs, push: runs }),
  'hard-bounce-rate': computed(runs, accepted, ['campaign email hard bounced'], (sums) =>
    ratio(sums('campaign email hard bounced'), sent(sums)),
  ),
  'unique-deliveries': uniqueDeliveries('CampaignActivityId', 'delivered by activity'),
  'direct-email-opens': count(run, 'campaign email opened', email),
  clicks: count(run, 'campaign email every click', email),
  'successful-deliveries': computed(run, accepted, undelivered, successful),
  'attempted-deliveries': computed(run, accepted, [], sent),
  'direct-push-opens': count(run, 'campaign push opened', push),
  'sms-spend': count(['none'], 'campaign sms price'),
};

export function findKpi(kpis: Readonly<Record<string, Kpi>>, name: string): NamedKpi | undefined {
  const found = Object.entries(suffixes).find(([suffix]) => name.endsWith(suffix));
  const base = found === undefined ? name : name.slice(0, -found[0].length);
  const kpi = Object.hasOwn(kpis, base) ? kpis[base] : undefined;
  if (kpi === undefined) return undefined;
  // The only one that is grouped without saying so.
  const grouping = found?.[1] ?? (kpi.groupings[0] === 'ErrorCode' ? 'ErrorCode' : 'none');
  return kpi.groupings.includes(grouping) ? { kpi, grouping, valueKey: pascalCase(base) } : undefined;
}

/** All names, as they are called. */
export function kpiNames(kpis: Readonly<Record<string, Kpi>>): string[] {
  return Object.entries(kpis).flatMap(([base, { groupings }]) =>
    groupings.map((grouping) => {
      const [suffix] = Object.entries(suffixes).find(([, of]) => of === grouping) ?? [''];
      return `${base}${suffix}`;
    }),
  );
}

function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());
}
