/** The settings of a project as rows of a form. Blocks are replaced as a whole, so a form always holds all of one. */
import type {
  ApplicationSettingsJourneyLimits,
  ApplicationSettingsResource,
  CampaignLimits,
  WriteApplicationSettingsRequest,
} from '@aws-sdk/client-pinpoint';

export interface SettingField {
  readonly key: string;
  readonly label: string;
  readonly hint: string;
  readonly kind: 'number' | 'time';
}

/** What is typed; empty means not set. */
export type SettingValues = Readonly<Record<string, string>>;

export interface SettingsBlock {
  readonly title: string;
  readonly description: string;
  readonly fields: readonly SettingField[];
  read(settings: ApplicationSettingsResource): SettingValues;
  write(values: SettingValues): WriteApplicationSettingsRequest;
}

const quietTime: SettingsBlock = {
  title: 'Quiet time',
  description: 'Hours of the day in which campaigns and journeys send nothing, in the local time of the recipient.',
  fields: [
    { key: 'Start', label: 'Start', hint: '24-hour time, such as 22:00.', kind: 'time' },
    { key: 'End', label: 'End', hint: '24-hour time, such as 07:30.', kind: 'time' },
  ],
  read: ({ QuietTime }) => ({ Start: QuietTime?.Start ?? '', End: QuietTime?.End ?? '' }),
  write: ({ Start, End }) => ({ QuietTime: Start || End ? { Start, End } : {} }),
};

const campaignLimits: SettingsBlock = {
  title: 'Campaign limits',
  description: 'Apply to campaigns and journeys created after the change.',
  fields: [
    number('Daily', 'Messages per day to one endpoint', 'Up to 100.'),
    number('Total', 'Messages of one campaign to one endpoint', 'Up to 100.'),
    number('MessagesPerSecond', 'Messages per second', '1 to 20,000.'),
    number('MaximumDuration', 'Longest run of a campaign, in seconds', 'At least 60.'),
    number('Session', 'In-app messages per session', 'How many one endpoint sees in one session.'),
  ],
  read: ({ Limits }) => toTexts({ ...Limits }),
  write: (values) => ({ Limits: toNumbers(values) as CampaignLimits }),
};

const journeyLimits: SettingsBlock = {
  title: 'Journey limits',
  description: 'What one endpoint may receive from all journeys of the project.',
  fields: [
    number('DailyCap', 'Messages per day', 'Up to 100.'),
    number('Cap', 'Messages within a time frame', 'Up to 100; needs the days of the time frame.'),
    number('Days', 'Days of the time frame', 'Up to 30.'),
    number('TotalCap', 'Messages of one journey', 'Up to 100.'),
  ],
  read: ({ JourneyLimits }) => {
    const { TimeframeCap, ...caps } = JourneyLimits ?? {};
    return toTexts({ ...caps, ...TimeframeCap });
  },
  write: (values) => {
    const { Cap, Days, ...caps } = toNumbers(values);
    const frame = Cap === undefined && Days === undefined ? {} : { TimeframeCap: { Cap, Days } };
    return { JourneyLimits: { ...caps, ...frame } as ApplicationSettingsJourneyLimits };
  },
};

export const settingsBlocks: readonly SettingsBlock[] = [quietTime, campaignLimits, journeyLimits];

function number(key: string, label: string, hint: string): SettingField {
  return { key, label, hint, kind: 'number' };
}

/** Zero is how some clients say "not set". */
function toTexts(numbers: Readonly<Record<string, number | undefined>>): SettingValues {
  return Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, value ? String(value) : '']));
}

function toNumbers(values: SettingValues): Record<string, number> {
  const typed = Object.entries(values).filter(([, value]) => value !== '');
  return Object.fromEntries(typed.map(([key, value]) => [key, Number(value)]));
}
