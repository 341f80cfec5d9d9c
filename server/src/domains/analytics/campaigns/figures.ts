/** What campaigns sent and what became of it, as the console shows it (dossier/events-journeys-console §4.7). Pure. */
import type { CampaignTreatmentTotal } from '../../../contract/repoint-types.ts';
import { quotient } from '../pages/summary.ts';

const accepted = ['email', 'sms', 'push', 'other'].map((family) => `campaign accepted ${family}`);

export const figureMetrics = [
  ...accepted,
  ...['email hard bounced', 'email opened', 'email clicked', 'email unsubscribed'].map((name) => `campaign ${name}`),
  ...['push opened', 'sms failed', 'sms parts', 'sms price', 'sms opted out'].map((name) => `campaign ${name}`),
] as const;

export const figureColumns = [
  ...['MessagesSent', 'MessagesDelivered', 'DeliveryRate', 'EmailOpens', 'EmailOpenRate', 'EmailClicks', 'BounceRate'],
  ...['PushOpens', 'PushOpenRate', 'SmsParts', 'SmsSpend', 'OptOuts'],
] as const;

export type Figures = Omit<CampaignTreatmentTotal, 'TreatmentId'>;

/** By the definitions of the KPIs of the same names. @param of the sum of a metric */
export function figuresOf(of: (metric: string) => number): Figures {
  const MessagesSent = accepted.reduce((sum, metric) => sum + of(metric), 0);
  const hardBounced = of('campaign email hard bounced');
  const MessagesDelivered = Math.max(MessagesSent - hardBounced - of('campaign sms failed'), 0);
  const mails = of('campaign accepted email');
  const [EmailOpens, PushOpens] = [of('campaign email opened'), of('campaign push opened')];
  return {
    ...{ MessagesSent, MessagesDelivered, ...quotient('DeliveryRate', MessagesDelivered, MessagesSent) },
    ...{ EmailOpens, ...quotient('EmailOpenRate', EmailOpens, mails - hardBounced) },
    ...{ EmailClicks: of('campaign email clicked'), ...quotient('BounceRate', hardBounced, MessagesSent) },
    ...{ PushOpens, ...quotient('PushOpenRate', PushOpens, of('campaign accepted push')) },
    ...{ SmsParts: of('campaign sms parts'), SmsSpend: of('campaign sms price') },
    OptOuts: of('campaign email unsubscribed') + of('campaign sms opted out'),
  };
}

/** Those of which it is known how many endpoints got a message. */
export function withDeliveries(figures: Figures, EndpointDeliveries: number) {
  return { ...figures, EndpointDeliveries, ...quotient('OptOutRate', figures.OptOuts, EndpointDeliveries) };
}
