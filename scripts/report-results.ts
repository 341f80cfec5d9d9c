/**
 * Ends a CI run: prints the name of every failing test and one closing line `N passed, N failed`.
 * Words: the JSON report of vitest, the exit code of the tests, the exit code of the checks.
 */
import { existsSync, readFileSync } from 'node:fs';

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const [reportFile = '', testsExit, checkExit] = process.argv.slice(2);
const report: Report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : { testResults: [] };
const counts = { passed: 0, failed: 0, skipped: 0 };

for (const file of report.testResults) {
  for (const test of file.assertionResults) {
    if (test.status === 'passed') counts.passed += 1;
    else if (test.status === 'failed') fail(`${file.name}: ${test.fullName}`);
    else counts.skipped += 1;
  }
  if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')) {
    fail(`${file.name}: ${file.message ?? 'did not run'}`);
  }
}
if (testsExit !== '0' && counts.failed === 0) fail(`npm test ended with exit code ${testsExit}`);
if (checkExit === '0') counts.passed += 1;
else fail('npm run check');

console.log(
  `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`,
);
process.exit(counts.failed === 0 ? 0 : 1);

function fail(name: string): void {
  counts.failed += 1;
  console.log(`FAILED ${name}`);
}
