#!/usr/bin/env node
/** Where the process starts: reads the command line, runs one command, says what went wrong in a sentence. */
import { createProgram } from './cli/program.ts';
import { ConfigurationError } from './kernel/configuration.ts';
import { OperatorError } from './kernel/operator-error.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  if (!(error instanceof ConfigurationError || error instanceof OperatorError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
