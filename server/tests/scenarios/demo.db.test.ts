/** `npm run demo` with 5,000 people: all of it but its console output and its embedded database. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeFaults, type Report, reportTable } from '../../../scripts/demo/report.ts';
import { runDemo } from '../../../scripts/demo/run-demo.ts';
import { createTestDatabase, dropTestDatabase } from '../support/test-database.ts';

const dataDirectory = mkdtempSync(join(tmpdir(), 'repoint-demo-'));
const said: string[] = [];
let url: string;
let report: Report;

beforeAll(async () => {
  url = (await createTestDatabase('empty')).url;
  report = await runDemo({
    ...{ people: 5_000, dataDirectory, signal: new AbortController().signal },
    settings: { REPOINT_DATABASE_URL: url, REPOINT_MASTER_KEY: randomBytes(32).toString('hex') },
    say: (text) => said.push(text),
  });
}, 240_000);
// Resolves only when the server has let go of it.
afterAll(async () => {
  await dropTestDatabase({ url });
  rmSync(dataDirectory, { recursive: true, force: true });
});

it('sends what was rehearsed, each mail once, and reports what arrived', () => {
  expect(describeFaults(report)).toEqual([]);
  expect(report.recipients).toBe(report.treatments.reduce((sum, { arrived }) => sum + arrived, 0));
  expect(report.rehearsed.messages).toBe(report.recipients);
});

it('shares the segment out as the campaign says', () => {
  const { treatments, skipped, segment, failed } = report;
  // Seven in ten people have a mail address alone, and all have one.
  expect(segment).toBeGreaterThan(3_000);
  expect(segment).toBeLessThan(4_500);
  expect(failed).toBe(0);
  expect(Object.keys(skipped).toSorted()).toEqual(['ENDPOINT_OPT_OUT', 'HOLDOUT']);
  const reached = segment - (skipped['ENDPOINT_OPT_OUT'] ?? 0);
  expect((skipped['ENDPOINT_OPT_OUT'] ?? 0) / segment).toBeCloseTo(0.05, 1);
  expect((skipped['HOLDOUT'] ?? 0) / reached).toBeCloseTo(0.1, 1);
  for (const { arrived, percent } of treatments) expect(Math.abs(arrived / reached - percent / 100)).toBeLessThan(0.04);
});

it('tells of its steps, and finds what does not agree', () => {
  expect(said.join('\n')).toMatch(/importing[\s\S]*rehearsal says that [\d,]+[\s\S]*sent, [\d,]+ a second/);
  expect(reportTable(report)).toMatch(/^All mails +[\d,]+ +[\d,]+$/m);
  const [plain, other] = report.treatments as [Report['treatments'][number], Report['treatments'][number]];
  const lost: Report = {
    ...{ ...report, recipients: report.recipients - 1, segment: report.segment + 1 },
    treatments: [{ ...plain, arrived: plain.arrived + 1 }, other],
  };
  expect(describeFaults(lost)).toHaveLength(3);
});
