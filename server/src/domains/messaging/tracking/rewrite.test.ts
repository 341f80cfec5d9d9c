/** Rewriting of HTML for tracking: which links, what else of the HTML, and in what time. */
import { describe, expect, test } from 'vitest';
import { type LinkTag, trackHtml } from './rewrite.ts';

const seen: [string, LinkTag][] = [];
const track = (html: string) => {
  seen.length = 0;
  return trackHtml(html, {
    linkTo: (url, tag) => {
      seen.push([url, tag]);
      return `https://r/${seen.length}`;
    },
  });
};

describe('links', () => {
  test.each([
    ['<a href="https://shop.example/a?b=1&amp;c=2">x</a>', 'https://shop.example/a?b=1&c=2'],
    ["<A class='x' HREF='http://shop.example/'>x</A>", 'http://shop.example/'],
    ['<a\n href = https://shop.example/y title=z>x</a>', 'https://shop.example/y'],
    ['<a title="a > b" href="https://shop.example/">x</a>', 'https://shop.example/'],
    ['<a href="https://shop.example/&#x41;&#66;">x</a>', 'https://shop.example/AB'],
  ])('%s is counted, and leads to the exact original', (html, url) => {
    const tracked = track(html);
    expect(seen).toEqual([[url, 'plain']]);
    expect(tracked).toContain('href="https://r/1"');
    expect(tracked).not.toContain('shop.example');
  });

  test.each([
    '<a href="mailto:a@example.com">x</a>',
    '<a href="tel:+1">x</a>',
    '<a href="#top">x</a>',
    '<a name="here">x</a>',
    '<abbr href="https://shop.example/">x</abbr>',
    'text about <a',
    '<a href="https://shop.example/',
    '<p>no link: a < b</p>',
  ])('%s stays as it is', (html) => {
    expect(track(html)).toBe(html);
    expect(seen).toEqual([]);
  });

  test('tags of SES are understood and taken out', () => {
    expect(track('<a ses:tags="unsubscribeLinkTag:optout;x:y" href="https://shop.example/u" class="b">x</a>')).toBe(
      '<a href="https://r/1" class="b">x</a>',
    );
    expect(seen).toEqual([['https://shop.example/u', 'unsubscribe']]);
    expect(track('<a ses:no-track href="https://shop.example/u">x</a>')).toBe('<a href="https://shop.example/u">x</a>');
  });

  test('all links of a mail, the rest byte for byte', () => {
    const html = '<!-- ü --><p>\r\n<a href="https://a.example/">1</a> & <a href="https://b.example/">2</a></p>';
    expect(track(html)).toBe('<!-- ü --><p>\r\n<a href="https://r/1">1</a> & <a href="https://r/2">2</a></p>');
  });

  test('hostile HTML takes linear time', () => {
    const begun = performance.now();
    for (const piece of ['<a "', '<a href=', "<a '", '<a ', '<a href="x" ']) track(piece.repeat(100_000));
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});

test('the picture stands at the end of the body', () => {
  expect(trackHtml('<BODY>x</BODY></html>', { pixel: 'https://o/1' })).toBe(
    '<BODY>x<img src="https://o/1" width="1" height="1" alt="" style="display:none"></BODY></html>',
  );
  expect(trackHtml('x', { pixel: 'https://o/1' })).toMatch(/^x<img /);
});

test('letters that become two in lower case do not move the picture', () => {
  const html = `<BODY><p>${'İ'.repeat(20)}</p></BODY></html>`;
  expect(trackHtml(html, { pixel: 'https://r/p' })).toBe(
    html.replace('</BODY>', '<img src="https://r/p" width="1" height="1" alt="" style="display:none"></BODY>'),
  );
});
