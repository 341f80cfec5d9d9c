/**
 * People, and what is done with them in a real browser: found and looked at, a segment read back, another version of a
 * template, a test message in the outbox, an export, an erasure; pages on a phone and in the dark. axe looks at each.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import {
  CreateAppCommand,
  CreateEmailTemplateCommand,
  CreateSegmentCommand,
  UpdateEndpointsBatchCommand,
} from '@aws-sdk/client-pinpoint';
import { beforeAll, describe, expect, it } from 'vitest';
import { asOneStory, eventually, openConsole } from './console-page.ts';

const refusals: string[] = [];
const shown = await openConsole({ refusals });
const { client, page, button, heading, link, main, visit, choose, lookForBarriers } = shown;
const made = await client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'Spring shop' } }));
const ApplicationId = made.ApplicationResponse?.Id as string;
const project = `/projects/${ApplicationId}`;
// An address that is none is refused on the way.
refusals.push(`/v1/apps/${ApplicationId}/channels/email`);
let segment: string;

beforeAll(async () => {
  const people = { ana: 'pro', ben: 'free', eva: 'pro' };
  const Item = Object.entries(people).map(([name, plan], index) => ({
    ...{ Id: `p-${name}`, ChannelType: 'EMAIL' as const, Address: `${name}@example.com`, Attributes: { plan: [plan] } },
    User: { UserId: `u-${index + 1}` },
  }));
  await client.send(new UpdateEndpointsBatchCommand({ ApplicationId, EndpointBatchRequest: { Item } }));
  const Attributes = { plan: { AttributeType: 'INCLUSIVE' as const, Values: ['pro'] } };
  const WriteSegmentRequest = { Name: 'Pro', Dimensions: { Attributes } };
  const created = await client.send(new CreateSegmentCommand({ ApplicationId, WriteSegmentRequest }));
  segment = created.SegmentResponse?.Id as string;
  const EmailTemplateRequest = { Subject: 'Hello {{User.UserId}}', HtmlPart: '<h1>Dear {{User.UserId}}</h1>' };
  await client.send(new CreateEmailTemplateCommand({ TemplateName: 'welcome', EmailTemplateRequest }));
  await shown.signIn(project);
  await heading('Next steps').waitFor();
});

const open = (below: string, title: string) => visit(`${project}/${below}`, title);

describe('the audience in the console', { timeout: 90_000 }, () => {
  asOneStory();

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

  it('reads the segment back into the builder', async () => {
    await open(`segments/${segment}`, 'Pro');
    await link('Edit').click();
    await page.getByText('pro', { exact: true }).waitFor();
    await eventually(() => page.getByTestId('estimate-eligible').textContent()).toBe('2');
    await button('Remove pro').click();
    await page.getByText('One filter is not filled in and left out.').waitFor();
    expect(await button('Save as new version').isDisabled()).toBe(true);
  });

  it('saves another version, which is active once it is made so', async () => {
    await open('templates/EMAIL/welcome', 'welcome');
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
    await page.getByLabel('Recipients', { exact: true }).fill('p-ana');
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
    await visit(path, title);
    await lookForBarriers();
  });

  /** @returns the dialog, in which all is said but how long it waits */
  async function askToErase(id: string) {
    await open(`people/${encodeURIComponent(id)}`, id);
    await button('Erase this person').click();
    const dialog = page.getByRole('dialog', { name: 'Erase this person' });
    await dialog.getByText('What is held').waitFor();
    await dialog.getByLabel('Endpoint ID').fill(id);
    return { dialog, erase: dialog.getByRole('button', { name: 'Erase', exact: true }) };
  }

  it('takes back the erasure of a person that waits', async () => {
    const { dialog, erase } = await askToErase('p-ben');
    await dialog.getByLabel('Days to wait').fill('8');
    await dialog.getByText('A number from 0 to 7.').waitFor();
    expect(await erase.isDisabled()).toBe(true);
    await dialog.getByLabel('Days to wait').fill('2');
    await erase.click();
    await page.getByText('Waiting', { exact: true }).first().waitFor();
    await button('Take it back').click();
    await button('Take back').click();
    await page.getByText('Cancelled', { exact: true }).first().waitFor();
  });

  it('erases a person, once what is held was seen and the id typed', async () => {
    const id = 'p-ben';
    const { dialog, erase } = await askToErase(id);
    await lookForBarriers();
    await dialog.getByLabel('Endpoint ID').fill(id.slice(1));
    expect(await erase.isDisabled()).toBe(true);
    await dialog.getByLabel('Endpoint ID').fill(id);
    await erase.click();
    await page.getByText('Completed', { exact: true }).first().waitFor();
    await page.reload();
    await heading('Where it was looked').waitFor();
    await lookForBarriers();
    await open('people', 'People');
    await page.getByRole('searchbox').fill('ben@example.com');
    await page.getByRole('searchbox').press('Enter');
    await page.getByText('Nobody. Addresses are matched whole', { exact: false }).waitFor();
  });

  it('kept nobody out, made no error, kept its own policy and asked no other host', () => {
    expect([...new Set(shown.barriers)]).toEqual([]);
    expect(shown.watched).toMatchObject({ faults: [], foreign: [] });
  });
});
