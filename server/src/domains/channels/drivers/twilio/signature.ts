/** X-Twilio-Signature: HMAC-SHA1 over the URL and the sorted parameters of the form, with the account's auth token. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** @param form parameters of the body; none for GET, whose parameters are part of the URL */
export function hasTwilioSignature(
  given: string | undefined,
  { url, form, authToken }: { readonly url: string; readonly form: URLSearchParams; readonly authToken: string },
): boolean {
  if (given === undefined) return false;
  const signature = Buffer.from(given, 'base64');
  return spellings(url).some((spelling) => {
    const expected = twilioSignature(spelling, form, authToken);
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  });
}

export function twilioSignature(url: string, form: URLSearchParams, authToken: string): Buffer {
  const names = [...new Set(form.keys())].toSorted();
  const parameters = names.map((name) =>
    [...new Set(form.getAll(name))]
      .toSorted()
      .map((value) => name + value)
      .join(''),
  );
  return createHmac('sha1', authToken)
    .update(url + parameters.join(''), 'utf8')
    .digest();
}

/** Twilio signs with the port of the scheme or without it, which of the two depends on the resource. */
function spellings(url: string): string[] {
  const [, scheme = '', host = '', port, rest = ''] = /^(https?):\/\/([^/?#:]+)(?::(\d+))?(.*)$/s.exec(url) ?? [];
  if (scheme === '') return [url];
  const usual = scheme === 'https' ? '443' : '80';
  if (port !== undefined && port !== usual) return [url, `${scheme}://${host}${rest}`];
  return [`${scheme}://${host}${rest}`, `${scheme}://${host}:${usual}${rest}`];
}
