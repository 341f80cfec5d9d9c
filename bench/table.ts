/** One row a workload: what it reached, the ceiling of the same run, and the share of it. */

export interface Row {
  readonly workload: string;
  /** With its unit. */
  readonly figure: string;
  readonly latency?: string;
  readonly memory?: string;
  readonly ceiling?: string;
  readonly ratio?: number;
  readonly aim: string;
}

export function printTable(rows: readonly Row[]): void {
  const header = ['workload', 'figure', 'p50 / p99', 'memory', 'ceiling in the same run', 'ratio', 'aim'];
  const cells = rows.map((row) => [
    row.workload,
    row.figure,
    row.latency ?? '',
    row.memory ?? '',
    row.ceiling ?? '',
    row.ratio === undefined ? '' : row.ratio.toFixed(2),
    row.aim,
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...cells.map((cell) => (cell[column] as string).length)),
  );
  const line = (cell: readonly string[]) =>
    `| ${cell.map((text, column) => text.padEnd(widths[column] as number)).join(' | ')} |`;
  console.log(line(header));
  console.log(line(widths.map((width) => '-'.repeat(width))));
  for (const cell of cells) console.log(line(cell));
}

export function rate(perSecond: number, unit = '/s'): string {
  return `${Math.round(perSecond).toLocaleString('en-US')} ${unit}`;
}
