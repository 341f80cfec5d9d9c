/**
 * Ends a CI run: prints every failing test with its reason, and one closing line `N passed, N failed`.
 * Words: the file of results (test-results.ts), the exit code of the tests, the exit code of the checks.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { TestResults } from './test-results.ts';

const [resultsFile = '', testsExit, checkExit] = process.argv.slice(2);
const linesOfReason = 12;

function readResults(): TestResults {
  if (!existsSync(resultsFile)) return { passed: 0, skipped: 0, failures: [] };
  return JSON.parse(readFileSync(resultsFile, 'utf8')) as TestResults;
}

/** The name alone on its line; below it why, indented. */
function printFailure({ name, reason }: TestResults['failures'][number]): void {
  console.log(`FAILED ${name}`);
  const lines = reason.split('\n').filter((line) => line.trim() !== '' && !line.includes('node_modules'));
  for (const line of lines.slice(0, linesOfReason)) console.log(`       ${line}`);
}

const results = readResults();
const failures = [...results.failures];
// Without a failing test: none ran at all.
if (testsExit !== '0' && failures.length === 0)
  failures.push({ name: `npm test (exit code ${testsExit})`, reason: '' });
if (checkExit !== '0') failures.push({ name: `npm run check (exit code ${checkExit})`, reason: '' });
failures.forEach(printFailure);

const passed = results.passed + (checkExit === '0' ? 1 : 0);
const skipped = results.skipped > 0 ? `, ${results.skipped} skipped` : '';
console.log(`${passed} passed, ${failures.length} failed${skipped}`);
process.exitCode = failures.length === 0 ? 0 : 1;
