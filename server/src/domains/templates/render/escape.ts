/** How inserted text is made harmless where it lands. */

export type Escaping = 'html' | 'json' | 'none';

const inHtml = /[&<>"'`=]/;
/** Also `"`, `\` and control characters; halves of surrogate pairs, because JSON in UTF-8 cannot hold them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what JSON must escape
const inJson = /["\\\u0000-\u001f\ud800-\udfff]/;

/** The seven characters that Handlebars escapes: they hold in attributes without quotes too. */
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
  '`': '&#x60;',
  '=': '&#x3D;',
};

const escapers: Readonly<Record<Escaping, (text: string) => string>> = {
  html: (text) => (inHtml.test(text) ? text.replace(/[&<>"'`=]/g, (character) => entities[character] as string) : text),
  json: (text) => (inJson.test(text) ? JSON.stringify(text).slice(1, -1) : text),
  none: (text) => text,
};

export function escaperOf(escaping: Escaping): (text: string) => string {
  return escapers[escaping];
}
