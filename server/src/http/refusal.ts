/**
 * A refusal as AWS words it: a code in a header, and `{"Message","RequestID"}` as the body. What was not expected says
 * nothing of itself.
 */
import { ServiceError } from '../kernel/errors.ts';

export interface Refusal {
  readonly status: number;
  /** Becomes the header `x-amzn-errortype`; always one of the catalogue in `kernel/errors.ts`. */
  readonly errorCode: string;
  readonly body: string;
}

export function refusalOf(error: unknown, requestId: string): Refusal {
  const { code, status, message } = error instanceof ServiceError ? error : internalError();
  return { status, errorCode: code, body: JSON.stringify({ Message: message, RequestID: requestId }) };
}

function internalError(): ServiceError {
  return new ServiceError('InternalServerErrorException', 'An internal error occurred');
}
