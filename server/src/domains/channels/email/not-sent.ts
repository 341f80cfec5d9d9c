/** Outcomes of mails that never left, whichever driver had them. */
import type { Outcome } from '../driver.ts';

export const stopped: Outcome = {
  ...{ status: 'TEMPORARY_FAILURE', statusCode: 503 },
  statusMessage: 'Not sent: the server is stopping',
};

/** A fault of ours; another attempt would fail as well. */
export const notComposed: Outcome = {
  ...{ status: 'PERMANENT_FAILURE', statusCode: 500 },
  statusMessage: 'The mail could not be composed',
};
