/** Helpers for encodings and digests, all over UTF-8 (dossier/messaging §4.4). */
import { hash, randomUUID } from 'node:crypto';
import type { Run } from '../run.ts';
import { present, unwrap } from '../values.ts';
import type { Helper, HelperTable } from './helper.ts';

/** Unlike the helpers for texts these take 0 and the empty text as they are: a digest of nothing is a digest. */
const ofBytes = (encode: (text: string, run: Run, name: string) => string): Helper => ({
  operands: 1,
  call: ([given], _options, run, name) => {
    const value = unwrap(given);
    return present(value) ? encode(run.textOf(value), run, name) : '';
  },
});

export const encodingHelpers: HelperTable = [
  ['encode64', ofBytes((text) => Buffer.from(text, 'utf8').toString('base64'))],
  ['decode64', ofBytes(decoded)],
  ['md5', ofBytes((text) => hash('md5', text, 'hex'))],
  ['sha256', ofBytes((text) => hash('sha256', text, 'hex'))],
  ['sha512', ofBytes((text) => hash('sha512', text, 'hex'))],
  ['uuid', { operands: 0, varies: true, call: () => randomUUID() }],
];

function decoded(text: string, run: Run, name: string): string {
  const encoded = text.replace(/\s+/g, '');
  if (/^[A-Za-z0-9+/_-]*={0,2}$/.test(encoded)) return Buffer.from(encoded, 'base64').toString('utf8');
  run.warn(`${name} was given what is not Base64`);
  return '';
}
