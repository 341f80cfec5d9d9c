/** Ready-made policies for one project, as the command line gives them to a key. */
import type { Transaction } from '../../../database/index.ts';
import { conflict } from '../../../kernel/errors.ts';
import { type ReadyMadeName, readyMadeDocument } from './ready-made.ts';
import { insertPolicy, requirePolicy } from './store.ts';

export interface WantedProjectPolicy {
  readonly accountId: string;
  readonly readyMade: ReadyMadeName;
  readonly projectId: string;
  readonly now: Date;
}

/**
 * The policy `READY-MADE-PROJECT` of the account, made when it is not there yet.
 * @returns its name, and whether it was made now
 * @throws BadRequestException when the ready-made policy cannot be had for one project, ConflictException when the
 *   account uses the name for something else
 */
export async function ensureProjectPolicy(
  tx: Transaction,
  { accountId, readyMade, projectId, now }: WantedProjectPolicy,
): Promise<{ readonly name: string; readonly made: boolean }> {
  readyMadeDocument(readyMade, projectId);
  const name = `${readyMade}-${projectId}`;
  const content = { readyMade, projectId };
  const made = await insertPolicy(tx, { accountId, name, description: undefined, content, createdAt: now });
  const policy = await requirePolicy(tx, accountId, name);
  if (policy.readyMade !== readyMade || policy.projectId !== projectId) {
    throw conflict(`The policy ${name} of this account is another one than ${readyMade} for the project`);
  }
  return { name, made };
}
