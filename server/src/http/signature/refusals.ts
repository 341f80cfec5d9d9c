/**
 * Why a signature is not accepted, in AWS's codes and words. None tells what was expected, and none repeats what came.
 */
import { ServiceError } from '../../kernel/errors.ts';

export const missingToken = () => new ServiceError('MissingAuthenticationToken', 'Missing Authentication Token');

export const incomplete = (message: string) => new ServiceError('IncompleteSignature', message);

/** Unknown, disabled and expired keys and wrong session tokens are one answer. */
export const unrecognizedClient = () =>
  new ServiceError('UnrecognizedClientException', 'The security token included in the request is invalid.');

export const doesNotMatch = (detail = 'Check your AWS Secret Access Key and signing method.') =>
  new ServiceError(
    'SignatureDoesNotMatch',
    `The request signature we calculated does not match the signature you provided. ${detail}`,
  );

export const expired = () => new ServiceError('RequestExpired', 'Signature expired. Check the clock of the client.');

export const notYetCurrent = () =>
  new ServiceError('RequestExpired', 'Signature not yet current. Check the clock of the client.');
