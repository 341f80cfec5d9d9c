/** A day and a time of day. */
import DatePicker from '@cloudscape-design/components/date-picker';
import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TimeInput from '@cloudscape-design/components/time-input';

export interface MomentFieldsProps {
  /** `First day`, and `Time` or what tells it from another time. */
  readonly dayLabel: string;
  readonly timeLabel: string;
  readonly hint?: string;
  readonly date: string;
  readonly time: string;
  readonly onChange: (date: string, time: string) => void;
}

export function MomentFields({ dayLabel, timeLabel, hint, date, time, onChange }: MomentFieldsProps) {
  return (
    <SpaceBetween direction="horizontal" size="s">
      <FormField label={dayLabel} constraintText={hint}>
        <DatePicker
          value={date}
          onChange={({ detail }) => onChange(detail.value, time)}
          placeholder="YYYY/MM/DD"
          openCalendarAriaLabel={() => `Choose a day: ${dayLabel}`}
        />
      </FormField>
      <FormField label={timeLabel}>
        <TimeInput
          value={time}
          format="hh:mm"
          placeholder="hh:mm"
          onChange={({ detail }) => onChange(date, detail.value)}
        />
      </FormField>
    </SpaceBetween>
  );
}
