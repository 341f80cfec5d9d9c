/** What an error of the S3 client means to us. Its own message may name keys, so it is kept as the cause only. */
import { ObjectStoreError } from './object-store.ts';

export function describeS3Fault(error: unknown): ObjectStoreError {
  if (error instanceof ObjectStoreError) return error;
  const status = statusOf(error);
  const name = error instanceof Error ? error.name : '';
  const options = { cause: error };
  if (name === 'NoSuchBucket') return new ObjectStoreError('missing', 'There is no such bucket.', options);
  if (status === 404) return new ObjectStoreError('missing', 'There is no such object.', options);
  if (status === 412) return new ObjectStoreError('changed', 'The object changed while it was read.', options);
  if (name === 'InvalidObjectState') {
    return new ObjectStoreError('refused', 'The object is archived: it can be read once it was restored.', options);
  }
  if (name === 'CredentialsProviderError' || status === 401 || status === 403) {
    const message = 'The object store does not let this server in: check the AWS credentials of the deployment.';
    return new ObjectStoreError('refused', message, options);
  }
  if (status !== undefined && status >= 400 && status < 500 && status !== 429) {
    return new ObjectStoreError('refused', `The object store refused with status ${status}.`, options);
  }
  const said = status === undefined ? 'does not answer' : `answered with status ${status}`;
  return new ObjectStoreError('unavailable', `The object store ${said}.`, options);
}

export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  return (error.$metadata as { httpStatusCode?: number }).httpStatusCode;
}
