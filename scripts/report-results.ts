/**
 * Ends a CI run: prints the name of every failing test and one closing line `N passed, N failed`.
 * Words: the JSON report of vitest, the exit code of the tests, the exit code of the checks.
 */
import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

interface TestFile {
  readonly name: string;
  readonly status: string;
  /** Why the file as a whole failed. */
  readonly message?: string;
  readonly assertionResults: readonly TestResult[];
}

interface TestResult {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages?: readonly string[];
}

const root = resolve(import.meta.dirname, '..');
const [reportFile = '', testsExit, checkExit] = process.argv.slice(2);
const counts = { passed: 0, failed: 0, skipped: 0 };

const linesOfReason = 12;

/** The name alone on its line; below it why, indented. */
function fail(name: string, reason = ''): void {
  counts.failed += 1;
  console.log(`FAILED ${name}`);
  const lines = stripVTControlCharacters(reason).trim().split('\n').slice(0, linesOfReason);
  for (const line of lines.filter((text) => text.trim() !== '')) console.log(`       ${line}`);
}

function readReport(): readonly TestFile[] {
  if (!existsSync(reportFile)) return [];
  return (JSON.parse(readFileSync(reportFile, 'utf8')) as { readonly testResults: readonly TestFile[] }).testResults;
}

function countFile({ name, status, message, assertionResults }: TestFile): void {
  const file = relative(root, name);
  for (const test of assertionResults) {
    if (test.status === 'passed') counts.passed += 1;
    else if (test.status === 'failed') fail(`${file}: ${test.fullName}`, test.failureMessages?.join('\n'));
    else counts.skipped += 1;
  }
  if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) {
    fail(`${file}: ${message?.trim().split('\n')[0] || 'did not run'}`);
  }
}

readReport().forEach(countFile);
// Without a failing test: none ran at all, or something failed outside of them all.
if (testsExit !== '0' && counts.failed === 0) fail(`npm test (exit code ${testsExit})`);
if (checkExit === '0') counts.passed += 1;
else fail(`npm run check (exit code ${checkExit})`);

const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exitCode = counts.failed === 0 ? 0 : 1;
