/**
 * The work of a marketer in a real browser: a channel, a file of people, a segment with a live count, a template, a test
 * message in the outbox, an export, an erasure; then the same pages with data of an enemy. axe looks at each.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { CreateAppCommand, type PinpointClient } from '@aws-sdk/client-pinpoint';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findBarriers } from './accessibility.ts';
import { launchBrowser, openWatchedPage, type WatchedPage } from './browser.ts';
import { type ConsoleServer, startConsoleServer } from './console-server.ts';
import { hostileId, writeHostileData } from './hostile-data.ts';

let server: ConsoleServer;
let client: PinpointClient;
let browser: Browser;
let context: BrowserContext;
let watched: WatchedPage;
let page: Page;
let project: string;
const barriers: string[] = [];

beforeAll(async () => {
  execFileSync(process.execPath, [resolve(import.meta.dirname, '../../../scripts/build-console.ts')]);
  server = await startConsoleServer();
  client = server.server.client();
  browser = await launchBrowser();
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
  const { ApplicationResponse } = await client.send(
    new CreateAppCommand({ CreateApplicationRequest: { Name: 'Spring shop' } }),
  );
  project = `/projects/${ApplicationResponse?.Id}`;
  const base = '/repoint/v1/apps/';
  watched = await openWatchedPage(context, server.origin, [
    `/v1/apps/${ApplicationResponse?.Id}/channels/email`,
    `${base}${ApplicationResponse?.Id}/template-previews`,
  ]);
  page = watched.page;
  page.setDefaultTimeout(30_000);
}, 120_000);

afterAll(async () => {
  await browser?.close();
});

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { name, exact: true });
const link = (name: string | RegExp) => page.getByRole('link', { name, exact: true });
const main = () => page.getByRole('main');

/** As a link of the console leads there: without loading the page anew. */
async function visit(path: string): Promise<void> {
  await page.evaluate(`{
    history.pushState(null, '', ${JSON.stringify(`/console${path}`)});
    dispatchEvent(new PopStateEvent('popstate', { state: null }));
  }`);
}

async function open(below: string, title: string): Promise<void> {
  await visit(`${project}/${below}`);
  await heading(title).first().waitFor();
}

/** Styles are computed in the page: what runs in a sandboxed frame is nobody, not even a test. */
function styleInFrame(title: string, selector: string, property: string): Promise<string> {
  return page.evaluate<string>(`{
    const frame = document.querySelector('iframe[title="${title}"]');
    frame.contentWindow.getComputedStyle(frame.contentDocument.querySelector('${selector}')).${property};
  }`);
}

const eventually = (read: () => Promise<unknown>) => expect.poll(read, { timeout: 30_000, interval: 50 });

/** A choice of the design system: the button, then the option in the list that opens. */
async function choose(label: string, option: string): Promise<void> {
  await page
    .getByRole('button', { name: new RegExp(`^${label}`) })
    .first()
    .click();
  await page.getByRole('option', { name: option }).first().click();
}

/** What axe finds on the page that is open; told at the end, all together. */
async function lookForBarriers(): Promise<void> {
  const { pathname } = new URL(page.url());
  for (const barrier of await findBarriers(page)) barriers.push(`${pathname.replace(project, '')}: ${barrier}`);
}

describe('the audience in the console', { timeout: 90_000 }, () => {
  let broken = false;

  // One story on one page: after a step that failed, the later ones would only time out.
  beforeEach(({ skip }) => skip(broken, 'an earlier step failed'));
  afterEach(({ task }) => {
    broken ||= task.result?.state === 'fail';
  });

  it('shows the next three steps of a new project, each with its command', async () => {
    await page.goto(`${server.origin}/console${project}`);
    await page.getByLabel('User name').fill(server.userName);
    await page.getByLabel('Password').fill(server.password);
    await button('Sign in').click();
    await heading('Next steps').waitFor();
    for (const step of ['1. Bring people in', '2. Build a segment', '3. Send a message']) await heading(step).waitFor();
    expect(await page.getByText('aws pinpoint send-messages').isVisible()).toBe(true);
    await lookForBarriers();
  });

  it('needs less than 600 KB of packed code for that', async () => {
    const loaded = await page.evaluate<readonly string[]>(
      "performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js'))",
    );
    const assets = resolve(import.meta.dirname, '../../../console/dist/assets');
    const bytes = [...new Set(loaded)].map((url) => gzipSync(readFileSync(resolve(assets, basename(url)))).length);
    expect(bytes.length).toBeGreaterThan(3);
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(600_000);
  });

  it('sets up the e-mail channel, and says which member the server does not accept', async () => {
    await open('channels', 'Channels');
    await lookForBarriers();
    await link('E-mail').click();
    await page.getByLabel('From', { exact: true }).fill('nobody');
    await page.getByLabel('Identity', { exact: true }).fill('example.com');
    await button('Save channel').click();
    await page.getByText('FromAddress must be an e-mail address', { exact: false }).waitFor();
    await page.getByLabel('From', { exact: true }).fill('Shop <shop@example.com>');
    await button('Save channel').click();
    await page.getByText('E-mail saved', { exact: true }).waitFor();
    await lookForBarriers();
  });

  it('imports a file, after its columns were checked', async () => {
    await open('imports/new', 'Import a file');
    const rows = [
      'E-mail,Customer ID,plan',
      'ana@example.com,u-1,pro',
      'ben@example.com,u-2,free',
      'eva@example.com,u-3,pro',
    ];
    await page.locator('input[type=file]').setInputFiles({
      ...{ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\r\n')) },
    });
    await page.getByText('choose one for all rows', { exact: false }).waitFor();
    expect(await button('Start import').isDisabled()).toBe(true);
    await choose('Channel of all rows', 'EMAIL');
    await page.getByText('Every column has a place').waitFor();
    await lookForBarriers();
    await button('Start import').click();
    await page.getByText('Every row was imported.').waitFor();
    expect(new URL(page.url()).pathname).toMatch(/\/imports\/[0-9a-f]{32}$/);
    await page.reload();
    await page.getByText('Every row was imported.').waitFor();
    await lookForBarriers();
  });

  it('finds a person by address, and shows who it is', async () => {
    await open('people', 'People');
    const field = page.getByRole('searchbox');
    await field.fill('ANA@example.com');
    await field.press('Enter');
    await main()
      .getByRole('row', { name: /ana@example\.com/ })
      .getByRole('link')
      .click();
    await heading('Endpoint').waitFor();
    await main().getByText('u-1', { exact: true }).waitFor();
    await main().getByText('pro', { exact: true }).waitFor();
    await lookForBarriers();
  });

  it('builds a segment while the count follows', async () => {
    await open('segments/new', 'Build a segment');
    const eligible = page.getByTestId('estimate-eligible');
    await eventually(() => eligible.textContent()).toBe('3');
    await page.getByLabel('Name', { exact: true }).first().fill('Pro');
    await button('Add criterion').click();
    await page.getByRole('combobox', { name: 'Name' }).fill('plan');
    await page.getByRole('combobox', { name: 'Values' }).fill('pro');
    await page.getByRole('combobox', { name: 'Values' }).press('Enter');
    await eventually(() => eligible.textContent()).toBe('2');
    await lookForBarriers();
    await button('Create segment').click();
    await heading('Pro').waitFor();
    await main()
      .getByRole('row', { name: /ana@example\.com/ })
      .waitFor();
    await main()
      .getByRole('row', { name: /eva@example\.com/ })
      .waitFor();
    expect(
      await main()
        .getByRole('row', { name: /ben@example\.com/ })
        .count(),
    ).toBe(0);
    await lookForBarriers();
  });

  it('reads the segment back into the builder', async () => {
    await link('Edit').click();
    await page.getByText('pro', { exact: true }).waitFor();
    await eventually(() => page.getByTestId('estimate-eligible').textContent()).toBe('2');
    await button('Remove pro').click();
    await page.getByText('One filter is not filled in and left out.').waitFor();
    expect(await button('Save as new version').isDisabled()).toBe(true);
  });

  it('writes a template and sees it as a person would', async () => {
    await open('templates/EMAIL', 'New template: E-mail');
    await page.getByLabel('Name', { exact: true }).fill('welcome');
    await page.getByRole('textbox', { name: 'Subject', exact: true }).fill('Hello {{User.UserId}}');
    await page.getByLabel('HTML', { exact: true }).fill('<h1 style="color: rgb(200, 0, 0)">Dear {{User.UserId}}</h1>');
    const id = await endpointIdOf('ana@example.com');
    await page.getByPlaceholder('Endpoint ID').fill(id);
    const title = page.frameLocator('iframe[title="HTML of the message"]').locator('h1');
    await eventually(() => title.textContent()).toBe('Dear u-1');
    expect(await styleInFrame('HTML of the message', 'h1', 'color')).toBe('rgb(200, 0, 0)');
    await main().getByText('Hello u-1').waitFor();
    await lookForBarriers();
    await button('Create template').click();
    await page.getByText('Active version', { exact: true }).waitFor();
  });

  it('saves another version, which is active once it is made so', async () => {
    await link('Edit').click();
    await page.getByRole('textbox', { name: 'Subject', exact: true }).fill('Welcome {{User.UserId}}');
    await button('Save as new version').click();
    await link('Send a test').waitFor();
    await heading('Version 1').waitFor();
    await choose('Version', 'Version 2');
    await button('Make active version').click();
    await page.getByText('Version 2 of welcome is active', { exact: true }).waitFor();
    await lookForBarriers();
  });

  it('sends a test of it, and reads it in the outbox', async () => {
    await link('Send a test').click();
    await page.getByRole('radio', { name: 'Endpoint IDs' }).check({ force: true });
    await page.getByLabel('Recipients', { exact: true }).fill(await endpointIdOf('ana@example.com'));
    await lookForBarriers();
    await button('Send message').click();
    await page.getByText('SUCCESSFUL', { exact: true }).waitFor();
    await link('Open the outbox').click();
    const row = main().getByRole('row', { name: /ana@example\.com/ });
    await row.waitFor();
    await lookForBarriers();
    await row.getByRole('link').click();
    await heading('Welcome u-1').first().waitFor();
    expect(await page.frameLocator('iframe[title="The e-mail"]').locator('h1').textContent()).toBe('Dear u-1');
    await page.getByRole('tab', { name: 'Source' }).click();
    await page.getByText('MIME-Version: 1.0', { exact: false }).waitFor();
    await lookForBarriers();
  });

  it('rehearses a campaign of two messages, launches it, and sees it end', async () => {
    await open('campaigns/new', 'Create a campaign');
    await page.getByLabel('Name of the campaign', { exact: true }).fill('Spring sale');
    await choose('Segment', 'Pro');
    await button('Try another message on a share of them').click();
    await choose('Message A', 'welcome');
    await choose('Message B', 'welcome');
    await lookForBarriers();
    await button('Rehearse').click();
    await page.getByText('Endpoints in the segment', { exact: true }).waitFor();
    await button(/^As .+ would get it$/)
      .first()
      .click();
    await main().getByText('Welcome u-', { exact: false }).first().waitFor();
    await button('Launch campaign').click();
    await heading('Spring sale').waitFor();
    await heading('Which message does best').waitFor();
    // It may take a busy machine a while; the page shows as much after a reload.
    const ended = () => main().getByText('Completed', { exact: true }).nth(1).waitFor({ timeout: 15_000 });
    await ended().catch(() =>
      page
        .reload()
        .then(ended)
        .catch(() => page.reload().then(ended)),
    );
    expect(await main().innerText()).toMatch(/Sent\s+2\s+Failed\s+0/);
    await lookForBarriers();
  });

  it('exports everybody to a file that can be downloaded', async () => {
    await open('exports/new', 'Export');
    await lookForBarriers();
    await button('Start export').click();
    const download = button(/^Download /).first();
    await download.waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), download.click()]);
    const content = gunzipSync(readFileSync(await file.path())).toString();
    expect(content).toMatch(/(ana|ben|eva)@example\.com/);
    await lookForBarriers();
  });

  it('shows the data of an enemy as text, and runs none of it', async () => {
    await writeHostileData(client, project.split('/')[2] as string);
    await open(`people/${hostileId}`, hostileId);
    await heading('Attributes').waitFor();
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await button('Show').first().click();
    await page.getByRole('tab', { name: 'Messages' }).click();
    await heading('Messages').last().waitFor();
    await open('segments', 'Segments');
    await open('templates/EMAIL/hostile', 'hostile');
    await page.frameLocator('iframe[title="HTML of the message"]').getByText('Offer').waitFor();
    await open('outbox', 'Outbox');
    await main()
      .getByRole('row', { name: /enemy@example\.com/ })
      .getByRole('link')
      .click();
    const mail = page.frameLocator('iframe[title="The e-mail"]');
    await mail.getByText('Offer').waitFor();
    expect(await mail.getByText('Price 3 < 4 and style="kept as text"').count()).toBe(1);
    expect(await styleInFrame('The e-mail', 'h1', 'fontSize')).toBe('40px');
    expect(await styleInFrame('The e-mail', 'h1', 'color')).toBe('rgb(1, 2, 3)');
    expect(await mail.locator('script, iframe, base, link, form, [onload], [href], img[src]').count()).toBe(0);
    expect(await page.evaluate('[window, ...Array.from(window.frames)].map((each) => each.__ran ?? 0)')).not.toContain(
      1,
    );
  });

  it.each([
    ['people', 'People'],
    ['segments/new', 'Build a segment'],
    ['imports/new', 'Import a file'],
    ['templates/EMAIL/welcome', 'Version 2'],
    ['outbox', 'Outbox'],
    ['channels/email', 'Provider'],
  ])('can be read on a phone: %s', async (below, title) => {
    await page.setViewportSize({ width: 375, height: 740 });
    await open(below, title);
    // Rows come after the heading; a page that opens connections again and again is never idle.
    await page.waitForTimeout(300);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it.each([
    ['segments/new', 'Build a segment'],
    ['templates/EMAIL/welcome', 'Version 2'],
    ['channels/email', 'Provider'],
  ])('has nothing that axe calls serious in the dark either: %s', async (below, title) => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await open(below, title);
    await lookForBarriers();
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it.each([
    ['/suppression-list', 'Look an address up'],
    ['/sms-numbers', 'No numbers'],
    ['/inbound-messages', 'No messages'],
  ])('has the pages of the account: %s', async (path, title) => {
    await visit(path);
    await heading(title).waitFor();
    await lookForBarriers();
  });

  it('erases a person, once what is held was seen and the id typed', async () => {
    const id = await endpointIdOf('ben@example.com');
    await open(`people/${encodeURIComponent(id)}`, id);
    await button('Erase this person').click();
    const dialog = page.getByRole('dialog', { name: 'Erase this person' });
    await dialog.getByText('What is held').waitFor();
    await lookForBarriers();
    await dialog.getByLabel('Endpoint ID').fill(id.slice(1));
    expect(await dialog.getByRole('button', { name: 'Erase', exact: true }).isDisabled()).toBe(true);
    await dialog.getByLabel('Endpoint ID').fill(id);
    await dialog.getByRole('button', { name: 'Erase', exact: true }).click();
    await page.getByText('Completed', { exact: true }).first().waitFor();
    await page.reload();
    await heading('Where it was looked').waitFor();
    await lookForBarriers();
    await open('people', 'People');
    await page.getByRole('searchbox').fill('ben@example.com');
    await page.getByRole('searchbox').press('Enter');
    await page.getByText('Nobody. Addresses are matched whole', { exact: false }).waitFor();
  });

  it('kept nobody out on any of these pages', () => {
    expect([...new Set(barriers)]).toEqual([]);
  });

  it('did all that without an error, against its own policy, or with another host', () => {
    expect(watched.faults).toEqual([]);
    expect(watched.foreign).toEqual([]);
  });
});

/** Of an import that named nobody by an id. */
async function endpointIdOf(address: string): Promise<string> {
  const { query } = server.server.database;
  const found = await query
    .selectFrom('endpoints')
    .select('id')
    .where('address', '=', address)
    .executeTakeFirstOrThrow();
  return found.id;
}
