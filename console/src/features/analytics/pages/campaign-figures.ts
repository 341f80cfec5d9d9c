/** Figures of campaigns: by day, by campaign, by run, by treatment (dossier/events-journeys-console §4.7). */
import type { CampaignDay, CampaignTreatmentTotal } from '../../../../../server/src/contract/repoint-types.ts';
import { asCount, asRate, asSpend, type Figure } from '../figures/figure.ts';

type Counted = Omit<CampaignTreatmentTotal, 'TreatmentId'>;

const sent: readonly Figure<Counted>[] = [
  { id: 'MessagesSent', title: 'Messages sent', show: asCount, adds: true },
  {
    ...{ id: 'MessagesDelivered', title: 'Messages delivered', show: asCount, adds: true },
    about: 'Without hard bounces and what carriers refused',
  },
  { id: 'DeliveryRate', title: 'Delivery rate', show: asRate },
];

const mails: readonly Figure<Counted>[] = [
  { id: 'EmailOpens', title: 'E-mails opened', show: asCount, adds: true },
  { id: 'EmailOpenRate', title: 'E-mail open rate', show: asRate, about: 'Of those delivered' },
  { id: 'EmailClicks', title: 'Links clicked', show: asCount, adds: true, about: 'Within an hour, once' },
  { id: 'BounceRate', title: 'Bounce rate', show: asRate, about: 'Hard bounces, of those sent' },
];

const notifications: readonly Figure<Counted>[] = [
  { id: 'PushOpens', title: 'Notifications opened', show: asCount, adds: true },
  { id: 'PushOpenRate', title: 'Push open rate', show: asRate },
];

const texts: readonly Figure<Counted>[] = [
  { id: 'SmsParts', title: 'SMS parts sent', show: asCount, adds: true },
  { id: 'SmsSpend', title: 'SMS spend (USD)', show: asSpend, adds: true },
];

const optOuts: readonly Figure<Counted>[] = [{ id: 'OptOuts', title: 'Opt-outs', show: asCount, adds: true }];

/** Of treatments it is not known how many endpoints they reached. */
export const treatmentFigures = [...sent, ...mails, ...notifications, ...texts, ...optOuts];

type Delivered = Counted & Pick<CampaignDay, 'EndpointDeliveries' | 'OptOutRate'>;

export const totalFigures: readonly Figure<Delivered>[] = [
  ...sent,
  {
    ...{ id: 'EndpointDeliveries' as const, title: 'Endpoints delivered to', show: asCount },
    about: 'Each once, however many messages it got',
  },
  ...[...mails, ...notifications, ...texts, ...optOuts],
  { id: 'OptOutRate', title: 'Opt-out rate', show: asRate, about: 'Of the endpoints delivered to' },
];

const groups: readonly (readonly (keyof Delivered)[])[] = [
  ['EmailOpens', 'EmailOpenRate', 'EmailClicks', 'BounceRate'],
  ['PushOpens', 'PushOpenRate'],
  ['SmsParts', 'SmsSpend'],
];

/** Charts of channels over which nothing was sent would be empty: those with a figure on some day. */
export function chartsOf(days: readonly CampaignDay[]): readonly Figure<CampaignDay>[] {
  const left = groups.flatMap((figures) => {
    const isUsed = figures.some((figure) => days.some((day) => (day as Delivered)[figure]));
    return isUsed ? [] : figures;
  });
  return totalFigures.filter(({ id }) => !left.includes(id));
}
