/** Asks the operator at the terminal. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { OperatorError } from '../kernel/operator-error.ts';

/** Asks without showing what is typed. @throws OperatorError when there is no terminal to ask at */
export async function askPassword(question: string): Promise<string> {
  if (!process.stdin.isTTY) throw new OperatorError('There is no terminal to ask for a password. Use --password-file.');
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}

/** @throws OperatorError when somebody says anything but yes, or when there is nobody to ask */
export async function askToContinue(isSure: boolean, question: string): Promise<void> {
  if (isSure) return;
  if (!process.stdin.isTTY) throw new OperatorError('There is no terminal to ask whether to go on. Use --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    if ((await terminal.question(question)).trim().toLowerCase() !== 'yes')
      throw new OperatorError('Nothing was done.');
  } finally {
    terminal.close();
  }
}
