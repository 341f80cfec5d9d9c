/**
 * Rewrites the HTML of an e-mail for click and open tracking (dossier/messaging §12). A scanner instead of a parser: all
 * else of the HTML stays byte for byte, and the time is linear whatever the HTML is.
 */

export interface HtmlTracking {
  /** The link that leads to a URL and is counted; undefined leaves links as they are. */
  readonly linkTo?: (url: string, tag: LinkTag) => string;
  /** URL of the picture that is loaded when the mail is opened. */
  readonly pixel?: string;
}

/** `unsubscribe`: `ses:tags="unsubscribeLinkTag:…"`, whose click counts as an opt-out. */
export type LinkTag = 'plain' | 'unsubscribe';

export function trackHtml(html: string, { linkTo, pixel }: HtmlTracking): string {
  const withLinks = linkTo === undefined ? html : rewriteLinks(html, linkTo);
  return pixel === undefined ? withLinks : addPixel(withLinks, pixel);
}

function rewriteLinks(html: string, linkTo: NonNullable<HtmlTracking['linkTo']>): string {
  let rewritten = '';
  let copied = 0;
  const anchor = /<a(?=[\s/])/gi;
  for (let match = anchor.exec(html); match !== null; match = anchor.exec(html)) {
    const tag = readTag(html, match.index + 2);
    // A tag that never ends: nothing behind it can be one.
    if (tag === undefined) break;
    rewritten += html.slice(copied, match.index) + rewriteTag(html.slice(match.index, tag.end), tag, linkTo);
    copied = tag.end;
    anchor.lastIndex = tag.end;
  }
  return rewritten + html.slice(copied);
}

interface Attribute {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
  /** In the tag: where name and value begin and end, with quotes. */
  readonly begin: number;
  readonly end: number;
}

interface Tag {
  readonly attributes: readonly Attribute[];
  /** In the HTML: behind `>`. */
  readonly end: number;
}

/** Attributes as HTML has them: with double, single or no quotes, or no value. */
function readTag(html: string, start: number): Tag | undefined {
  const attribute = /[\s/]*(?:(>)|([^\s=>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?|(=|["']))/y;
  const attributes: Attribute[] = [];
  const base = start - 2;
  attribute.lastIndex = start;
  for (;;) {
    const from = attribute.lastIndex;
    const match = attribute.exec(html);
    if (match === null) return undefined;
    const [, end, name, double, single, bare] = match;
    if (end !== undefined) return { attributes, end: attribute.lastIndex };
    if (name === undefined) continue;
    const begin = html.indexOf(name, from);
    const value = double ?? single ?? bare ?? '';
    attributes.push({ name: name.toLowerCase(), value, begin: begin - base, end: attribute.lastIndex - base });
  }
}

function rewriteTag(text: string, { attributes }: Tag, linkTo: NonNullable<HtmlTracking['linkTo']>): string {
  const tags = attributes.find(({ name }) => name === 'ses:tags');
  const untracked = attributes.some(({ name }) => name === 'ses:no-track');
  const href = attributes.find(({ name }) => name === 'href');
  const url = href === undefined ? undefined : decodeEntities(href.value.trim());
  let result = '';
  let copied = 0;
  for (const attribute of attributes) {
    const { name, begin, end } = attribute;
    if (name === 'ses:tags' || name === 'ses:no-track') {
      result += text.slice(copied, begin).trimEnd();
      copied = end;
    } else if (attribute === href && !untracked && url !== undefined && /^https?:\/\//i.test(url)) {
      const isUnsubscribe = /(^|;)\s*unsubscribeLinkTag:/.test(tags?.value ?? '');
      result += `${text.slice(copied, begin)}href="${linkTo(url, isUnsubscribe ? 'unsubscribe' : 'plain')}"`;
      copied = end;
    }
  }
  return result + text.slice(copied);
}

const entities: Readonly<Record<string, string>> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };

/** Those that stand in links. */
function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|quot|apos|lt|gt));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function addPixel(html: string, url: string): string {
  const image = `<img src="${url}" width="1" height="1" alt="" style="display:none">`;
  // Not in lower case: some letters become two there, and places behind them move.
  let end = html.length;
  for (const match of html.matchAll(/<\/body/gi)) end = match.index;
  return html.slice(0, end) + image + html.slice(end);
}
