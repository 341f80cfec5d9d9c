/** Sessions by day of the week and hour, the busy ones darker. */
import type { SessionHour } from '../../../../../server/src/contract/repoint-types.ts';
import { asCount } from '../figures/figure.ts';
import { ShadedTable } from './shaded-table.tsx';

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const hours = Array.from({ length: 24 }, (_, hour) => String(hour));

export function WeekHours({ label, of }: { readonly label: string; readonly of: readonly SessionHour[] }) {
  return (
    <ShadedTable
      label={label}
      corner="Hour"
      columns={hours}
      rows={weekdays.map((title, index) => ({
        title,
        values: of.filter(({ Weekday }) => Weekday === index + 1).map(({ Sessions }) => Sessions),
      }))}
      show={asCount}
    />
  );
}
