/** How much a campaign may send, as the form holds it: empty is what the project says. */
import type { CampaignLimits } from '@aws-sdk/client-pinpoint';

export type LimitName = keyof CampaignLimits &
  ('Daily' | 'Total' | 'Session' | 'MessagesPerSecond' | 'MaximumDuration');

export interface Limit {
  readonly name: LimitName;
  readonly label: string;
  readonly least: number;
  readonly most: number;
}

const forEndpoint: readonly Limit[] = [
  { name: 'Daily', label: 'Messages to one endpoint in a day', least: 0, most: 100 },
  { name: 'Total', label: 'Messages of this campaign to one endpoint', least: 0, most: 100 },
];

export const sendingLimits: readonly Limit[] = [
  ...forEndpoint,
  { name: 'MessagesPerSecond', label: 'Messages in a second', least: 1, most: 20_000 },
  { name: 'MaximumDuration', label: 'Seconds a run may take', least: 60, most: 2 ** 31 - 1 },
];

/** Apps keep to these by themselves. */
export const inAppLimits: readonly Limit[] = [
  { name: 'Session', label: 'Times in a session', least: 0, most: 10 },
  { name: 'Daily', label: 'Times in a day', least: 0, most: 10 },
  { name: 'Total', label: 'Times in all', least: 0, most: 10 },
];

export type LimitsForm = Readonly<Partial<Record<LimitName, string>>>;

export function limitFault({ least, most }: Limit, text = ''): string | undefined {
  if (text.trim() === '') return undefined;
  const fits = /^\d{1,10}$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
  return fits ? undefined : `A whole number from ${least} to ${most}.`;
}

export function limitsFault(limits: readonly Limit[], form: LimitsForm): string | undefined {
  const broken = limits.find((limit) => limitFault(limit, form[limit.name]) !== undefined);
  return broken === undefined ? undefined : `${broken.label}: ${limitFault(broken, form[broken.name])}`;
}

/** Undefined when nothing is said. */
export function toLimits(limits: readonly Limit[], form: LimitsForm): CampaignLimits | undefined {
  const said = limits.flatMap(({ name }): [string, number][] => {
    const text = form[name]?.trim() ?? '';
    return text === '' ? [] : [[name, Number(text)]];
  });
  return said.length === 0 ? undefined : Object.fromEntries(said);
}
