/**
 * Every page of the console with the data of an enemy on it: it is shown as text, none of it runs, no page breaks or grows
 * wider than a phone, and nobody is kept out; and a template of ten megabytes, which the server does not take and the page
 * survives.
 */
import { describe, expect, it } from 'vitest';
import { pagesOf } from '../../../scripts/screenshots/pages.ts';
import { asOneStory, openConsole } from './console-page.ts';
import { hostileId, hostileTemplates, script, writeHostileData } from './hostile-data.ts';

const shown = await openConsole({
  refusals: ['/v1/templates/huge/email', '/event-stream-destination', '/opendsr-settings'],
});
const { page, button, heading, main, row, visit, lookForBarriers } = shown;
const filled = await writeHostileData(shown.server, shown.client);
const project = `/projects/${filled.projectId}`;

/** In the page and in all its frames. */
const marks = () =>
  page.evaluate<number>('[window, ...Array.from(window.frames)].reduce((sum, each) => sum + (each.__ran ?? 0), 0)');

/** Styles are computed in the page: what runs in a sandboxed frame is nobody, not even a test. */
function styleInFrame(title: string, selector: string, property: string): Promise<string> {
  return page.evaluate<string>(`{
    const frame = document.querySelector('iframe[title="${title}"]');
    frame.contentWindow.getComputedStyle(frame.contentDocument.querySelector('${selector}')).${property};
  }`);
}

/** The first heading of the page that was asked for, not of the one before. */
async function look(path: string): Promise<void> {
  await page.evaluate("document.querySelector('main h1')?.setAttribute('data-old', '')");
  await page.evaluate(`{
    history.pushState(null, '', ${JSON.stringify(`/console${path}`)});
    dispatchEvent(new PopStateEvent('popstate', { state: null }));
  }`);
  await page.locator('main h1').first().waitFor();
  // Everything that was asked has been answered and is on the page: nothing turns any more.
  await expect
    .poll(() => page.evaluate("document.querySelectorAll('main [class*=awsui_spinner]').length"), { timeout: 30_000 })
    .toBe(0);
}

/** The design system measures itself anew after the window has become narrow, which takes a busy machine a moment. */
async function settledWidth(): Promise<number> {
  for (let looks = 0; ; looks += 1) {
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    if (width <= 375 || looks === 60) return width;
    await page.waitForTimeout(50);
  }
}

describe('the data of an enemy', { timeout: 300_000 }, () => {
  asOneStory();

  it('runs on no page, and breaks none', async () => {
    await shown.signIn('/projects');
    await heading('All projects').waitFor();
    const broken: string[] = [];
    for (const [index, [name, path]] of [...pagesOf(filled)].entries()) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await look(path);
      // It takes a second, and other stories ask it about the same pages: here about what only an enemy writes.
      if (index % 3 === 0) await lookForBarriers();
      if ((await marks()) > 0) broken.push(`${name}: something ran`);
      if ((await main().getByText('The console failed').count()) > 0) broken.push(`${name}: the console failed`);
      await page.setViewportSize({ width: 375, height: 740 });
      const width = await settledWidth();
      if (width > 375) broken.push(`${name}: ${width} pixels wide on a phone`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    expect(broken).toEqual([]);
  });

  it('is text where it is shown, opened, or about to be deleted', async () => {
    await visit(`${project}/people/${hostileId}`, hostileId);
    await main().getByText(script, { exact: true }).first().waitFor();
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await button('Show').first().click();
    await lookForBarriers();
    await visit(project, 'Quiet time');
    await button('Delete project').click();
    await page.getByRole('dialog').getByText('<img src=x', { exact: false }).first().waitFor();
    await lookForBarriers();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await marks()).toBe(0);
  });

  it('is a message without what runs, leads away or is fetched', async () => {
    await visit(`${project}/templates/EMAIL/${hostileTemplates.EMAIL}`, hostileTemplates.EMAIL);
    await page.frameLocator('iframe[title="HTML of the message"]').getByText('Offer').waitFor();
    await visit(`${project}/outbox`, 'Outbox');
    await row(/enemy@example\.com/)
      .last()
      .getByRole('link')
      .click();
    const mail = page.frameLocator('iframe[title="The e-mail"]');
    await mail.getByText('Offer').waitFor();
    await lookForBarriers();
    expect(await mail.getByText('Price 3 < 4 and style="kept as text"').count()).toBe(1);
    expect(await styleInFrame('The e-mail', 'h1', 'fontSize')).toBe('40px');
    expect(await styleInFrame('The e-mail', 'h1', 'color')).toBe('rgb(1, 2, 3)');
    expect(await mail.locator('script, iframe, base, link, form, [onload], [href], img[src]').count()).toBe(0);
    expect(await marks()).toBe(0);
  });

  it('of ten megabytes is refused with a reason, and the page goes on', async () => {
    await visit(`${project}/templates/EMAIL`, 'New template: E-mail');
    await page.getByLabel('Name', { exact: true }).fill('huge');
    await page.getByRole('textbox', { name: 'Subject', exact: true }).fill('Hello');
    // At once, as it is pasted: a browser that types it would take minutes.
    await page.evaluate(`{
      const area = [...document.querySelectorAll('textarea')].find((each) => each.rows === 16);
      const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set;
      set.call(area, '<p>word</p>'.repeat(${Math.ceil((10 * 1024 ** 2) / 11)}));
      area.dispatchEvent(new Event('input', { bubbles: true }));
    }`);
    await page.getByText('HTML has more than 600,000 characters', { exact: false }).waitFor();
    expect(await button('Create template').isDisabled()).toBe(true);
    await page.getByLabel('HTML', { exact: true }).fill('<h1>Short</h1>');
    await page.frameLocator('iframe[title="HTML of the message"]').getByText('Short').waitFor();
    await button('Create template').click();
    await page.getByText('Active version', { exact: true }).waitFor();
  });

  it('keeps nobody out on any of these pages', () => {
    expect([...new Set(shown.barriers)]).toEqual([]);
  });

  it('made no error, broke no policy of the page and asked no other host', () => {
    expect(shown.watched).toMatchObject({ faults: [], foreign: [] });
  });
});
