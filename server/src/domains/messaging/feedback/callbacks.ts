/** Callbacks of providers as a public route: believed only with the provider's signature, answered once they are stored. */
import type { Logger } from '../../../kernel/logger.ts';
import type { PublicRoute } from '../../../operations/public-route.ts';
import { CallbackRefused, callbackPrefix, type NewsHandler, type Providers } from '../../channels/index.ts';

interface CallbackParts {
  readonly providers: Providers;
  readonly handlers: readonly NewsHandler[];
  readonly logger: Logger;
  /** Signatures of some providers cover the URL that they called. */
  readonly publicUrl: string | undefined;
}

export function callbackRoute({ providers, handlers, logger, publicUrl }: CallbackParts): PublicRoute {
  return {
    prefix: callbackPrefix,
    methods: ['GET', 'POST'],
    async answer({ rest, method, target, headers, body }) {
      const callback = await providers.callbacks.find(rest);
      if (callback === undefined) return { status: 404 };
      const base = publicUrl?.replace(/\/+$/, '') ?? `http://${headers['host'] ?? 'localhost'}`;
      try {
        const answer = await callback.read({ method, url: `${base}${target}`, headers, body });
        for (const handler of handlers) await handler(answer.news, callback.origin);
        return {
          status: answer.status,
          ...(answer.contentType !== undefined && { headers: { 'content-type': answer.contentType } }),
          ...(answer.body !== undefined && { body: answer.body }),
        };
      } catch (error) {
        if (!(error instanceof CallbackRefused)) throw error;
        logger.warn({ provider: callback.origin.key }, 'a callback without a valid signature was refused');
        return { status: 403 };
      }
    },
  };
}
