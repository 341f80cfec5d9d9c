/** A stream as a piece of work that one node at a time holds the lease of. */
import type { Work } from '../../../database/index.ts';

export const workKind = 'event stream';

export function streamWork(projectNumber: number): Work {
  return { kind: workKind, workId: String(projectNumber) };
}
