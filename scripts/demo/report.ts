/** What arrived at the SMTP server beside what the API says, and whether they agree. */

export interface Report {
  readonly people: number;
  readonly treatments: readonly TreatmentReport[];
  /** Different recipients at the SMTP server. */
  readonly recipients: number;
  readonly segment: number;
  readonly failed: number;
  /** By reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Beforehand. */
  readonly rehearsed: { readonly messages: number; readonly skipped: number };
  readonly mailsPerSecond: number;
}

export interface TreatmentReport {
  readonly id: string;
  readonly name: string;
  readonly percent: number;
  readonly arrived: number;
  readonly reported: number;
}

const number = (value: number) => value.toLocaleString('en-US');

export function reportTable(report: Report): string {
  const { treatments, skipped, failed, segment, recipients, rehearsed } = report;
  const [arrived, reported] = [sum(treatments, 'arrived'), sum(treatments, 'reported')];
  const rows: [string, string, string][] = [
    ['', 'SMTP server', 'API'],
    ...treatments.map(({ id, name, percent, ...of }): [string, string, string] => [
      `Treatment ${id}, ${name} (${percent} %)`,
      ...([number(of.arrived), number(of.reported)] as const),
    ]),
    ['All mails', number(arrived), number(reported)],
    ['Different recipients', number(recipients), ''],
    ['Failed', '', number(failed)],
    ...Object.entries(skipped).map(([reason, count]): [string, string, string] => [reason, '', number(count)]),
    ['Sent, failed and skipped', '', number(reported + failed + sumOf(skipped))],
    ['Segment', '', number(segment)],
    ['Rehearsed: messages', '', number(rehearsed.messages)],
    ['Rehearsed: skipped', '', number(rehearsed.skipped)],
    ['Mails a second', '', number(Math.round(report.mailsPerSecond))],
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  return rows
    .map(([title, left, right]) =>
      `${title.padEnd(widths[0] ?? 0)}  ${left.padStart(widths[1] ?? 0)}  ${right.padStart(widths[2] ?? 0)}`.trimEnd(),
    )
    .join('\n');
}

/** Empty when all is as it should be. */
export function describeFaults({ treatments, recipients, segment, failed, skipped, rehearsed }: Report): string[] {
  const [arrived, reported] = [sum(treatments, 'arrived'), sum(treatments, 'reported')];
  const ofAll = reported + failed + sumOf(skipped);
  return [
    ...treatments
      .filter((each) => each.arrived !== each.reported)
      .map(({ id, ...each }) => `Treatment ${id}: ${each.arrived} arrived, ${each.reported} were reported`),
    ...(recipients === arrived ? [] : [`${arrived} mails arrived at ${recipients} recipients`]),
    ...(ofAll === segment ? [] : [`${ofAll} of ${segment} endpoints are accounted for`]),
    ...(rehearsed.messages === reported + failed && rehearsed.skipped === sumOf(skipped)
      ? []
      : [`Rehearsed were ${rehearsed.messages} messages and ${rehearsed.skipped} without one`]),
  ];
}

function sum(treatments: readonly TreatmentReport[], what: 'arrived' | 'reported'): number {
  return treatments.reduce((total, each) => total + each[what], 0);
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
