/** Outcomes of mails that never left, whichever driver had them. */
import type { Outcome } from '../driver.ts';

/** A fault of ours; another attempt would fail as well. */
export const notComposed: Outcome = {
  ...{ status: 'PERMANENT_FAILURE', statusCode: 500 },
  statusMessage: 'The mail could not be composed',
};
