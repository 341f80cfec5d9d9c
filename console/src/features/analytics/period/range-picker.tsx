/** Chooses the days of a report: the last so many, or from one day to another; and in whose time zone days begin. */
import DateRangePicker, { type DateRangePickerProps } from '@cloudscape-design/components/date-range-picker';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type DateRange, faultOfRange } from './date-range.ts';
import type { RangeInAddress } from './use-range.ts';

const relativeDays = [1, 7, 14, 30, 90, 365];
const relativeOptions = relativeDays.map(
  (amount) => ({ key: `${amount}d`, amount, unit: 'day', type: 'relative' }) as const,
);

const daysOfUnit: Readonly<Partial<Record<DateRangePickerProps.TimeUnit, number>>> = { day: 1, week: 7, month: 30 };

export interface RangePickerProps {
  readonly days: RangeInAddress;
}

export function RangePicker({ days: { range, zone, change, changeZone } }: RangePickerProps) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <DateRangePicker
        value={toValue(range)}
        relativeOptions={relativeOptions}
        isValidRange={(value) => {
          const chosen = toRange(value);
          const fault = chosen === undefined ? 'Choose a range of days.' : faultOfRange(chosen);
          return fault === undefined ? { valid: true } : { valid: false, errorMessage: fault };
        }}
        onChange={({ detail }) => {
          const chosen = toRange(detail.value);
          if (chosen !== undefined) change(chosen);
        }}
        dateOnly
        absoluteFormat="long-localized"
        hideTimeOffset
        customRelativeRangeUnits={['day', 'week', 'month']}
        showClearButton={false}
        expandToViewport
        ariaLabel="Days of the report"
        i18nStrings={{
          ...{ ariaLabel: 'Days of the report', modeSelectionLabel: 'Kind of range' },
          ...{ relativeModeTitle: 'The last days', absoluteModeTitle: 'From day to day' },
          formatRelativeRange: ({ amount, unit }) =>
            amount === 1 && unit === 'day' ? 'Today' : `Last ${amount} ${unit}${amount === 1 ? '' : 's'}`,
        }}
      />
      <ZoneSelect zone={zone} onChange={changeZone} />
    </SpaceBetween>
  );
}

function toValue(range: DateRange): DateRangePickerProps.Value {
  return range.kind === 'relative'
    ? { type: 'relative', key: `${range.days}d`, amount: range.days, unit: 'day' }
    : { type: 'absolute', startDate: range.from, endDate: range.to };
}

function toRange(value: DateRangePickerProps.Value | null): DateRange | undefined {
  if (value === null) return undefined;
  if (value.type === 'relative') return { kind: 'relative', days: value.amount * (daysOfUnit[value.unit] ?? 0) };
  return { kind: 'absolute', from: value.startDate.slice(0, 10), to: value.endDate.slice(0, 10) };
}

function ZoneSelect({ zone, onChange }: { readonly zone: string; readonly onChange: (zone: string) => void }) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const options = [...new Set([zone, own, 'UTC'])].map((value) => ({ value, label: value.replaceAll('_', ' ') }));
  // Where the browser is in UTC, there is nothing to choose.
  if (options.length === 1) return null;
  return (
    <Select
      selectedOption={options.find(({ value }) => value === zone) ?? null}
      options={options}
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? zone)}
      ariaLabel="Time zone of days"
      expandToViewport
    />
  );
}
