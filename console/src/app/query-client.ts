/** The cache of answers. An answer that says the credentials are over ends the session, whoever asked. */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isSessionEnd } from '../api/errors.ts';
import { endSession, sessionState, subscribeToSession } from '../api/session.ts';

export function createQueryClient(): QueryClient {
  const onError = (error: Error) => {
    if (isSessionEnd(error)) endSession('ended');
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    // The AWS SDK retries what is worth retrying; twice that would only keep people waiting.
    defaultOptions: { queries: { retry: false, staleTime: 5_000 }, mutations: { retry: false } },
  });
  subscribeToSession(() => {
    if (sessionState().session === undefined) client.clear();
  });
  return client;
}
