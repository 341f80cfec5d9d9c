/**
 * Lines of a ledger. Each writer has a chain of its own: its lines are numbered, and each carries a code under the ledger's
 * key over itself and the line before, so that a line that was changed, moved or taken out is noticed. A last line that was
 * cut off by a kill is not a line: nobody was answered before it was whole.
 */
import { createHmac } from 'node:crypto';
import { OperatorError } from '../../../kernel/operator-error.ts';
import type { LedgerEntry } from './entry.ts';

const codeBytes = 16;

export interface Link {
  readonly number: number;
  readonly code: string;
}

/** Before the first line: a chain cannot be passed off as another writer's. */
export const firstLink = (writer: string): Link => ({ number: 0, code: writer });

/** @returns lines, each with its end, and the last of them */
export function toLines(
  key: Buffer,
  last: Link,
  entries: readonly LedgerEntry[],
): { readonly text: string; readonly last: Link } {
  let link = last;
  let text = '';
  for (const entry of entries) {
    const content = JSON.stringify({ number: link.number + 1, ...entry });
    link = { number: link.number + 1, code: codeOf(key, link, content) };
    text += `${link.code} ${content}\n`;
  }
  return { text, last: link };
}

/** @throws OperatorError when it is not what was written there */
export function readLine(
  key: Buffer,
  last: Link,
  line: string,
  where: string,
): { readonly entry: LedgerEntry; readonly last: Link } {
  const [code = '', content = ''] = [line.slice(0, 2 * codeBytes), line.slice(2 * codeBytes + 1)];
  if (codeOf(key, last, content) !== code) {
    throw new OperatorError(
      `The erasure ledger was changed: line ${last.number + 1} of ${where} is not what Repoint wrote there. Put back a ` +
        'copy of it; what was erased after a backup could not be known otherwise.',
    );
  }
  const { number, ...entry } = JSON.parse(content) as LedgerEntry & { readonly number: number };
  return { entry, last: { number, code } };
}

function codeOf(key: Buffer, last: Link, content: string): string {
  return createHmac('sha256', key).update(`${last.code}\n${content}`).digest().subarray(0, codeBytes).toString('hex');
}
