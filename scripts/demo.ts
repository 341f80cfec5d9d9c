/**
 * `npm run demo`: the main job from end to end, on a server of its own in a temporary folder. People are generated and
 * imported, a segment of them gets an A/B campaign with holdout over a real SMTP server, and what arrived there is held
 * against what the API reports. Nothing is left behind. `npm run demo -- --people 5000` for fewer.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeFaults, type Report, reportTable } from './demo/report.ts';
import { runDemo } from './demo/run-demo.ts';

const { values } = parseArgs({ options: { people: { type: 'string', default: '50000' } } });
if (!/^[1-9][0-9]{2,6}$/.test(values.people)) {
  console.error('Usage: npm run demo [-- --people 100 to 9999999]');
  process.exit(1);
}

const dataDirectory = mkdtempSync(join(tmpdir(), 'repoint-demo-'));
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
const begun = performance.now();
const since = () => `${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  `;

try {
  const report = await runDemo({
    ...{ people: Number(values.people), dataDirectory, signal: stopping.signal },
    say: (text) => console.log(`${since()}${text}`),
  });
  print(report);
} catch (error) {
  if (!stopping.signal.aborted) throw error;
  process.exitCode = 130;
} finally {
  rmSync(dataDirectory, { recursive: true, force: true });
}

function print(report: Report): void {
  console.log(`\n${reportTable(report)}\n`);
  const faults = describeFaults(report);
  if (faults.length > 0) process.exitCode = 1;
  console.log(faults.length === 0 ? 'The SMTP server and the API agree on every number.' : faults.join('\n'));
}
