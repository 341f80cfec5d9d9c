/** From when to when: a period that ends now, or two days. */
import DatePicker from '@cloudscape-design/components/date-picker';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type AuditFilters, periods } from './filters.ts';

export interface PeriodFieldsProps {
  readonly filters: AuditFilters;
  readonly onChange: (change: Partial<AuditFilters>) => void;
}

export function PeriodFields({ filters, onChange }: PeriodFieldsProps) {
  const chosen = periods.find(({ value }) => value === filters.period) ?? periods[2];
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Select
        selectedOption={chosen}
        options={periods}
        onChange={({ detail }) => onChange({ period: detail.selectedOption.value ?? chosen.value })}
        ariaLabel="Period"
      />
      {filters.period === 'between' ? (
        <>
          <DatePicker
            value={filters.from}
            onChange={({ detail }) => onChange({ from: detail.value })}
            placeholder="From day"
            ariaLabel="First day"
            openCalendarAriaLabel={() => 'Choose the first day'}
          />
          <DatePicker
            value={filters.to}
            onChange={({ detail }) => onChange({ to: detail.value })}
            placeholder="To day"
            ariaLabel="Last day"
            openCalendarAriaLabel={() => 'Choose the last day'}
          />
        </>
      ) : null}
    </SpaceBetween>
  );
}
