/** Takes a subject out of the places that hold people. */
import type { Location, Subject, Transaction } from '../../../database/index.ts';
import { withSpellings } from '../identities/spellings.ts';

const step = 1_000;

/** All of it, in the caller's transaction: for few endpoints. */
export async function forgetEverywhere(
  tx: Transaction,
  locations: readonly Location[],
  subject: Subject,
): Promise<void> {
  const spelt = withSpellings(subject);
  for (const location of locations) {
    do {
      if ((await location.forget(tx, spelt, step)) < step) break;
    } while (location.goes === 'in steps');
  }
}
