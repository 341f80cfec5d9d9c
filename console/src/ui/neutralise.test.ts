/** What stands in a message before it is parsed: handlers, styles and scripts renamed, everything else untouched. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neutralise } from './neutralise.ts';

describe('HTML of a message', () => {
  it.each([
    ['<p>3 < 4 and style="kept"</p>', '<p>3 < 4 and style="kept"</p>'],
    ['<p style="a:b" title="style=">x</p>', '<p data-message-style="a:b" title="style=">x</p>'],
    ["<p title='>' STYLE = 'a'>x</p>", "<p title='>' data-message-style = 'a'>x</p>"],
    ['<img src=x onerror="a>b">', '<img src=x data-message-removed="a>b">'],
    ['<svg/onload=x>', '<svg/data-message-removed=x>'],
    ['<a title="onclick=1">', '<a title="onclick=1">'],
    ['<style>p { color: red }</style>', '<template data-message-sheet>p { color: red }</template>'],
    ['<SCRIPT src=x>a()</SCRIPT >', '<template data-message-removed>a()</template>'],
    ['<base href="https://evil.example">x<meta charset=x><link rel=x>', 'x'],
    ["it's <b>5 o'clock</b>", "it's <b>5 o'clock</b>"],
    ['a <b onclick="never ends', 'a &lt;b onclick="never ends'],
  ])('%s', (html, expected) => {
    expect(neutralise(html)).toBe(expected);
  });

  it('without tags stays as it is', () => {
    fc.assert(
      fc.property(
        fc.string().map((text) => text.replaceAll('<', '')),
        (text) => neutralise(text) === text,
      ),
    );
  });

  it('of a million characters takes a moment, whatever they are', () => {
    const begun = performance.now();
    for (const piece of ['<', '<a "', "<a x='", '<p style="x">', '<!-- ', 'x']) {
      neutralise(piece.repeat(1_000_000 / piece.length));
    }
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
