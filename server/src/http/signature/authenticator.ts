/** From a signed request to its caller: the step of the request chain between route and policy. */
import type { Clock } from '../../kernel/clock.ts';
import type { Caller } from '../../operations/call.ts';
import type { OperationDefinition } from '../../operations/definition.ts';
import { createSignatureVerifier, type SignedRequest, type SigningCredential, type Verified } from './verifier.ts';

/** Whose key it is, as the accounts domain knows it. */
export interface CallerCredential extends SigningCredential {
  readonly identity: Omit<Caller, 'sourceAddress' | 'secureTransport'>;
}

/** Signing names, the expected one first: clients of our own API may keep signing as they do for Pinpoint. */
const acceptedServices: Record<OperationDefinition['service'], readonly string[]> = {
  pinpoint: ['mobiletargeting'],
  repoint: ['repoint', 'mobiletargeting'],
};

export interface AuthenticatedRequest {
  readonly caller: Caller;
  /** Of the credential scope. */
  readonly region: string;
}

export type Authenticate = (
  request: SignedRequest & Pick<Caller, 'sourceAddress' | 'secureTransport'>,
  definition: Pick<OperationDefinition, 'service' | 'name'>,
) => AuthenticatedRequest | Promise<AuthenticatedRequest>;

/**
 * @param parts.used is told of every accepted signature, for "last used"; must not throw
 * @returns a function that throws ServiceError with AWS's code when the signature does not prove who is calling
 */
export function createAuthenticator(parts: {
  findCredential(accessKeyId: string): CallerCredential | undefined | Promise<CallerCredential | undefined>;
  used(accessKeyId: string, region: string, operation: string): void;
  readonly clock: Clock;
}): Authenticate {
  const verifier = createSignatureVerifier(parts);
  return (request, definition) => {
    const accept = ({ credential, region }: Verified<CallerCredential>): AuthenticatedRequest => {
      parts.used(credential.identity.accessKeyId, region, definition.name);
      const { sourceAddress, secureTransport } = request;
      return { caller: { ...credential.identity, sourceAddress, secureTransport }, region };
    };
    const verified = verifier.verify(request, acceptedServices[definition.service]);
    return verified instanceof Promise ? verified.then(accept) : accept(verified);
  };
}
