/**
 * HTML of a message as text, before any parser sees it: what a browser would run, fetch or refuse while it parses gets
 * another name. One pass, whatever it is given; the policy of the page and the sandbox hold where this is outwitted.
 */

/** Where the text of an inline style is found afterwards. */
export const styleAttribute = 'data-message-style';
/** Marks what was a style element, or is to be removed: the content of a template is nobody's. */
export const sheetAttribute = 'data-message-sheet';
export const removedAttribute = 'data-message-removed';

const dropped = new Set(['base', 'link', 'meta']);

export function neutralise(html: string): string {
  let result = '';
  let at = 0;
  for (;;) {
    const begin = html.indexOf('<', at);
    if (begin < 0) return result + html.slice(at);
    result += html.slice(at, begin);
    const end = endOfTag(html, begin);
    // A tag that never ends is text to its end.
    if (end < 0) return result + html.slice(begin).replaceAll('<', '&lt;');
    result += end === begin ? '<' : renameTag(html.slice(begin, end));
    at = end === begin ? begin + 1 : end;
  }
}

/** Behind its `>`; `begin` itself for what is no tag, -1 for one without an end. */
function endOfTag(html: string, begin: number): number {
  if (!/[a-z/]/i.test(html[begin + 1] ?? '')) return begin;
  let quote = '';
  let before = '';
  for (let at = begin + 1; at < html.length; at += 1) {
    const sign = html[at] as string;
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === '>') return at + 1;
    // A quote opens a value behind its sign of equality only.
    else if ((sign === '"' || sign === "'") && before === '=') quote = sign;
    if (sign > ' ') before = sign;
  }
  return -1;
}

function renameTag(tag: string): string {
  const [, slash = '', name = ''] = /^<(\/?)([^\s/>]*)/.exec(tag) ?? [];
  const lower = name.toLowerCase();
  if (dropped.has(lower)) return '';
  if (lower === 'style' || lower === 'script') {
    const mark = lower === 'style' ? sheetAttribute : removedAttribute;
    return slash === '/' ? '</template>' : `<template ${mark}>`;
  }
  return tag.replaceAll(
    /"[^"]*"|'[^']*'|(?<=[\s/"'])(style|on[a-z]+)(?=\s*=)/gi,
    (found, attribute: string | undefined) =>
      attribute === undefined ? found : attribute.toLowerCase() === 'style' ? styleAttribute : removedAttribute,
  );
}
