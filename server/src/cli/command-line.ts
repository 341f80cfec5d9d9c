/** Reads the command line, runs one command, says what went wrong in a sentence. */
import { ConfigurationError } from '../kernel/configuration.ts';
import { ServiceError } from '../kernel/errors.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { createProgram } from './program.ts';

export async function runCommandLine(): Promise<void> {
  try {
    await createProgram().parseAsync();
  } catch (error) {
    const expected = [ConfigurationError, OperatorError, ServiceError].some((kind) => error instanceof kind);
    if (!expected) throw error;
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
