/**
 * Waits for those who are in the middle of a file. Who was deleted may still be in a file that was begun before; a file
 * that changes while an import reads it makes that import fail.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Executor } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { formatPlace, type Place } from '../../../object-store/index.ts';
import { isStreaming } from '../../events/index.ts';
import { FileFault, isExporting, isToBeRead } from '../../transfers/index.ts';
import { FileNotErasable } from './search.ts';

export interface QuietParts {
  readonly query: Executor;
  readonly clock: Clock;
}

/** Clocks of nodes differ, and what was read goes into a file a moment later. */
const slackMilliseconds = 60_000;
const lookMilliseconds = 250;
/** So long an import of tens of millions of rows may take. */
const patienceMilliseconds = 30 * 60_000;

/** Whether a file is being written that was begun by `by`. */
export async function isBeingWritten({ query, clock }: QuietParts, projectNumber: number, by: Date): Promise<boolean> {
  const begunBy = new Date(by.getTime() + slackMilliseconds);
  return (
    (await isExporting(query, projectNumber, begunBy)) ||
    (await isStreaming(query, projectNumber, begunBy, clock.now()))
  );
}

/** Until that is over. @throws Error when it takes too long */
export async function awaitWriters(
  parts: QuietParts,
  projectNumber: number,
  by: Date,
  signal: AbortSignal,
): Promise<void> {
  if (!(await untilNot(() => isBeingWritten(parts, projectNumber, by), signal)))
    throw new Error('Files of the project are still being written.');
}

/** Until no import is to read the file. @throws FileNotErasable when that takes too long */
export async function awaitReaders({ query }: QuietParts, place: Place, signal: AbortSignal): Promise<void> {
  const url = formatPlace(place);
  if (await untilNot(() => isToBeRead(query, url), signal)) return;
  throw new FileNotErasable(place, new FileFault('An import has not read the file to its end yet'));
}

async function untilNot(isBusy: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  for (let waited = 0; await isBusy(); waited += lookMilliseconds) {
    if (waited >= patienceMilliseconds) return false;
    await pause(lookMilliseconds, undefined, { signal });
  }
  return true;
}
