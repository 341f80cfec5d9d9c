/** axe in a page of the console: what keeps people with a keyboard or a screen reader out. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly target: readonly string[] }[];
}

/**
 * Serious and critical findings of WCAG 2 A and AA, one line each. Run through the debugger, so that the page's policy
 * stays as strict as it is.
 */
export async function findBarriers(page: Page): Promise<string[]> {
  const found = await lookOnce(page);
  // What came while axe looked may still have been on its way in: only what is there at a second look keeps people out.
  return found.length === 0 ? found : lookOnce(page);
}

async function lookOnce(page: Page): Promise<string[]> {
  await page.evaluate(source);
  // What fades in has no contrast yet.
  await page.evaluate('for (const each of document.getAnimations()) try { each.finish() } catch { each.cancel() }');
  const violations = await page.evaluate<readonly Violation[]>(`
    axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'], iframes: false })
      .then(({ violations }) => violations)`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, target }) => `${id}: ${target.join(' ')} ${html.slice(0, 160)}`));
}
