/**
 * A reporter for vitest: writes to the file that REPOINT_TEST_RESULTS names what passed, and what failed and why. Unlike
 * vitest's own JSON it has the errors that happened outside of every test, which fail a run too.
 */
import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';

export interface TestFailure {
  /** File and full name. */
  readonly name: string;
  readonly reason: string;
}

export interface TestResults {
  readonly passed: number;
  readonly skipped: number;
  readonly failures: readonly TestFailure[];
}

const root = resolve(import.meta.dirname, '..');

export default class TestResultsFile implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string) => tests.filter((test) => test.result().state === state);
    const results: TestResults = {
      passed: inState('passed').length,
      skipped: inState('skipped').length,
      failures: [
        ...inState('failed').map((test) => ({ name: nameOf(test), reason: reasonOf(test.result().errors) })),
        ...modules.flatMap((module) => ofModule(module)),
        ...unhandledErrors.map((error) => ({ name: 'an error outside of tests', reason: reasonOf([error]) })),
      ],
    };
    const file = process.env['REPOINT_TEST_RESULTS'];
    if (file !== undefined) writeFileSync(file, JSON.stringify(results));
  }
}

function nameOf({ module, fullName }: TestCase): string {
  return `${relative(root, module.moduleId)}: ${fullName}`;
}

/** Of a file or its groups: imports and hooks. */
function ofModule(module: TestModule): TestFailure[] {
  const groups = [module, ...module.children.allSuites()];
  const failed = groups.filter((group) => group.errors().length > 0);
  return failed.map((group) => ({ name: relative(root, module.moduleId), reason: reasonOf(group.errors()) }));
}

function reasonOf(errors: readonly SerializedError[] = []): string {
  return stripVTControlCharacters(errors.map(({ message, stack }) => stack ?? message).join('\n'));
}
