/**
 * Cross-origin rules for clients in browsers (Amplify, the console elsewhere). Every origin may call: requests carry
 * a signature, never a cookie, so there is no ambient authority to steal.
 */

const exposedHeaders = 'x-amzn-ErrorType, x-amzn-RequestId, Date';

export const corsHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': exposedHeaders,
};

/** The answer to a preflight. A browser refuses `*` for Authorization, so the headers it asked for are named. */
export function preflightHeaders(requestedHeaders: string | undefined): Record<string, string> {
  return {
    ...corsHeaders,
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE, OPTIONS',
    'access-control-allow-headers': allowedHeaders(requestedHeaders),
    'access-control-max-age': '86400',
    vary: 'Access-Control-Request-Headers',
  };
}

function allowedHeaders(requested: string | undefined): string {
  const names = (requested ?? '').split(',').map((name) => name.trim());
  const valid = names.filter((name) => /^[\w!#$%&'*+.^`|~-]{1,128}$/.test(name)).slice(0, 64);
  return valid.length > 0 ? valid.join(', ') : 'authorization, content-type';
}
