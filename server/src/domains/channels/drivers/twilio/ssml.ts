/**
 * A spoken text as Twilio's <Say> takes it. SSML travels inside TwiML, so what is not well-formed could end the <Say> and
 * add verbs that call or record somebody.
 */

import { isSsml } from '../delivery/ssml.ts';

/** @returns undefined when the SSML is not well-formed */
export function toSayContent(body: string): string | undefined {
  const [, inner] = /^\s*<speak(?:\s[^<>]*)?>([\s\S]*)<\/speak\s*>\s*$/.exec(body) ?? [];
  if (inner === undefined) return isSsml(body) ? undefined : escapeXml(body);
  return isWellFormed(inner) ? inner : undefined;
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/(?![\t\n\r])\p{Cc}/gu, '')
    .toWellFormed();
}

const text = String.raw`(?:[^<&\p{Cc}]|[\t\n\r]|&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)+`;
// SSML's elements are in lower case, TwiML's verbs are not.
const name = '[a-z][a-z0-9-]*(?::[a-z][a-z0-9-]*)?';
const attributes = String.raw`(?:\s+[a-zA-Z:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*`;
const token = new RegExp(`${text}|<(${name})${attributes}\\s*(/?)>|</(${name})\\s*>`, 'uy');

function isWellFormed(markup: string): boolean {
  const open: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < markup.length) {
    const [, begun, closesItself, ended] = token.exec(markup) ?? [undefined, undefined, undefined, ''];
    if (ended === '') return false;
    if (begun !== undefined && closesItself === '') open.push(begun);
    if (ended !== undefined && open.pop() !== ended) return false;
  }
  return open.length === 0;
}
