/** Signature of Baidu's REST interface (push.baidu.com/doc/restapi/sdk_developer, "签名算法"). */
import { createHash } from 'node:crypto';

/** MD5 over method, URL, sorted parameters and secret, in the encoding of PHP's `urlencode`. */
export function signatureOf(
  method: string,
  url: string,
  parameters: Readonly<Record<string, string>>,
  secretKey: string,
): string {
  const sorted = Object.keys(parameters)
    .sort()
    .map((name) => `${name}=${parameters[name]}`)
    .join('');
  return createHash('md5')
    .update(encode(`${method}${url}${sorted}${secretKey}`))
    .digest('hex');
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll(/[!'()*~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
