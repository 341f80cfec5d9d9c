/** Numbers in rows and columns, the more the darker: hours of the week, cohorts by days. */
import Box from '@cloudscape-design/components/box';
import './shaded-table.css';

export interface ShadedRow {
  readonly title: string;
  /** One for each column; undefined where there can be none yet. */
  readonly values: readonly (number | undefined)[];
}

export interface ShadedTableProps {
  readonly label: string;
  readonly corner: string;
  readonly columns: readonly string[];
  readonly rows: readonly ShadedRow[];
  readonly show: (value: number) => string;
  /** What is darkest; the greatest of them when left out. */
  readonly most?: number;
}

const shades = 4;

export function ShadedTable({ label, corner, columns, rows, show, most }: ShadedTableProps) {
  const greatest = most ?? Math.max(0, ...rows.flatMap(({ values }) => values.map((value) => value ?? 0)));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="shaded-table" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <Box variant="small">{corner}</Box>
            </th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ title, values }) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              {columns.map((column, index) => {
                const value = values[index];
                return value === undefined ? (
                  <td key={column} />
                ) : (
                  <td key={column} className={`shade-${shadeOf(value, greatest)}`}>
                    {value === 0 ? '' : show(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function shadeOf(value: number, greatest: number): number {
  return value === 0 || greatest === 0 ? 0 : Math.max(1, Math.ceil((value / greatest) * shades));
}
