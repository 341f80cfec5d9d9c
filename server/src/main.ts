#!/usr/bin/env node
/** Where the process starts: reads the command line, runs one command, says what went wrong in a sentence. */
import { createProgram } from './cli/program.ts';
import { ConfigurationError } from './kernel/configuration.ts';
import { ServiceError } from './kernel/errors.ts';
import { OperatorError } from './kernel/operator-error.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  const expected = [ConfigurationError, OperatorError, ServiceError].some((kind) => error instanceof kind);
  if (!expected) throw error;
  console.error((error as Error).message);
  process.exitCode = 1;
}
