/**
 * Analytics in a real browser: what happened on five days is stored, and every page shows those numbers, and saves them as
 * CSV; a funnel is built and counts right; days stay in the address; axe looks at each page, in the dark and on a phone.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UpdateEndpointsBatchCommand } from '@aws-sdk/client-pinpoint';
import { parse } from 'csv-parse/sync';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventProject } from '../../src/domains/events/index.ts';
import * as made from '../support/analytics-events.ts';
import { putCampaign, putMessages } from '../support/stored-campaigns.ts';
import { findBarriers } from './accessibility.ts';
import { launchBrowser, openWatchedPage, type WatchedPage } from './browser.ts';
import { type ConsoleServer, startConsoleServer } from './console-server.ts';

let server: ConsoleServer;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let project: string;
let campaignId: string;
const barriers: string[] = [];

const day = 24 * 3600 * 1000;
const minute = 60_000;
const firstNoon = Math.floor(Date.now() / day) * day - 5 * day + day / 2;
const at = (days: number, minutes = 0) => new Date(firstNoon + days * day + minutes * minute);
const dates = [0, 1, 2, 3, 4].map((days) => at(days).toISOString().slice(0, 10));
/** Whatever the zone of this browser is. */
const range = `from=${dates[0]}&to=${dates[4]}&zone=UTC`;

beforeAll(async () => {
  execFileSync(process.execPath, [resolve(import.meta.dirname, '../../../scripts/build-console.ts')]);
  server = await startConsoleServer();
  const stored = await made.createProject(server.server);
  await store(stored);
  project = `/projects/${stored.id}`;
  browser = await launchBrowser();
  const context = await browser.newContext({
    ...{ viewport: { width: 1280, height: 900 }, locale: 'en-GB', timezoneId: 'America/Sao_Paulo' },
    reducedMotion: 'reduce',
  });
  const base = `/repoint/v1/apps/${stored.id}`;
  watched = await openWatchedPage(context, server.origin, [`${base}/event-stream-destination`]);
  page = watched.page;
  page.setDefaultTimeout(30_000);
}, 120_000);

afterAll(async () => {
  await browser?.close();
});

/** Five endpoints open the app on the first day, one less on each that follows; what they do is on the first. */
async function store(stored: EventProject): Promise<void> {
  const happened = (occurrence: made.AppOccurrence) =>
    made.happened(stored, {
      ...{ ...occurrence, endpointAttributes: { plan: [occurrence.endpointId === 'p0' ? 'pro' : 'free'] } },
    });
  const people = [0, 1, 2, 3, 4];
  const sessions = people.flatMap((person) =>
    people.slice(0, 5 - person).map((days) =>
      happened({
        ...{ endpointId: `p${person}`, type: '_session.start', at: at(days), userId: `u${person >> 1}` },
        ...{ platform: person < 2 ? 'iOS' : 'Android', country: 'PT', zone: 'Europe/Lisbon' },
      }),
    ),
  );
  const carts = ['hat', 'hat', '=HYPERLINK("x")'].map((sku, person) =>
    happened({
      ...{ endpointId: `p${person}`, type: 'cart.add', at: at(0, 10), attributes: { sku }, userId: `u${person >> 1}` },
      ...{ platform: person < 2 ? 'iOS' : 'Android', country: 'PT', metrics: { price: 10 * (person + 1) } },
    }),
  );
  const purchases = [0, 1].map((person) =>
    happened({
      ...{ endpointId: `p${person}`, type: '_monetization.purchase', at: at(0, 30 + 20 * person), userId: 'u0' },
      ...{
        platform: 'iOS',
        country: 'PT',
        metrics: { _item_price: 10, _quantity: 2 },
        attributes: { _currency: 'USD' },
      },
    }),
  );
  const mails = (
    ['send', 'send', 'send', 'send', 'delivered', 'delivered', 'delivered', 'hardbounce', 'open'] as const
  ).map((type, index) =>
    made.mail(stored, type, { to: `m${index % 4}@example.com`, message: `m${index % 4}`, sentAt: at(1) }),
  );
  const texts = ['PT', 'CH'].flatMap((country, index) =>
    (['SUCCESSFUL', 'DELIVERED'] as const).slice(0, 2 - index).map((status) =>
      made.sms(stored, status, {
        ...{ message: `s${index}`, at: at(2), country, parts: index + 1, price: 645 },
      }),
    ),
  );
  const { database } = server.server;
  campaignId = await putCampaign(database, stored, { Name: 'spring', now: at(0) });
  const origin = made.ofCampaign(campaignId);
  const sent = people.map((person) => ({ endpointId: `p${person}`, runId: 'run-1', at: at(3), origin }));
  await putMessages(database, stored, sent);
  const campaign = people.flatMap((person) => [
    made.send(stored, { origin, endpointId: `p${person}`, at: at(3) }),
    made.mail(stored, 'send', {
      ...{ origin, to: `c${person}@example.com`, endpointId: `p${person}`, message: `c${person}`, sentAt: at(3) },
    }),
    made.mail(stored, 'delivered', {
      ...{ origin, to: `c${person}@example.com`, endpointId: `p${person}`, message: `c${person}`, sentAt: at(3) },
    }),
  ]);
  const opened = { origin, to: 'c0@example.com', endpointId: 'p0', message: 'c0', sentAt: at(3), arrivedAt: at(3, 5) };
  const all = [...sessions, ...carts, ...purchases, ...mails, ...texts, ...campaign, made.mail(stored, 'open', opened)];
  await made.append(server.server, all);
  const Item = ['pro', 'pro', 'free'].map((plan, index) => ({
    ...{ Id: `kept-${index}`, ChannelType: 'EMAIL' as const, Address: `kept${index}@example.com` },
    Attributes: { plan: [plan] },
  }));
  await server.server
    .client()
    .send(new UpdateEndpointsBatchCommand({ ApplicationId: stored.id, EndpointBatchRequest: { Item } }));
}

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { name, exact: true });
const main = () => page.getByRole('main');
const eventually = (read: () => Promise<unknown>) => expect.poll(read, { timeout: 30_000, interval: 50 });

/** As a link of the console leads there: without loading the page anew. */
async function open(below: string, title: string): Promise<void> {
  await page.evaluate(`{
    history.pushState(null, '', ${JSON.stringify(`/console${project}/${below}`)});
    dispatchEvent(new PopStateEvent('popstate', { state: null }));
  }`);
  await heading(title).first().waitFor();
}

async function lookForBarriers(): Promise<void> {
  const { pathname } = new URL(page.url());
  for (const barrier of await findBarriers(page)) barriers.push(`${pathname.replace(project, '')}: ${barrier}`);
}

type Row = Readonly<Record<string, string>>;

/** Rows of a table by their headings, as they are shown. */
async function tableOf(title: string): Promise<Row[]> {
  const table = page.getByRole('table', { name: title, exact: true });
  await table.getByRole('row').nth(1).waitFor();
  const lines = await page.evaluate<readonly (readonly string[])[]>(`
    [...document.querySelector('table[aria-label=${JSON.stringify(title)}]').rows]
      .map(({ cells }) => [...cells].map(({ innerText }) => innerText.trim()))`);
  const [head = [], ...rows] = lines;
  return rows.map((row) => Object.fromEntries(row.map((cell, index) => [head[index] as string, cell])));
}

/** The same table as CSV, which says what is shown: in the same order, with all digits, and without formulas. */
async function csvOf(title: string): Promise<Row[]> {
  const download = button(`Download CSV: ${title}`);
  const [file] = await Promise.all([page.waitForEvent('download'), download.click()]);
  expect(file.suggestedFilename()).toMatch(/^[\w-]+\.csv$/);
  const content = readFileSync(await file.path(), 'utf8');
  return parse(content, { columns: true });
}

async function expectCsvToBe(rows: readonly Row[], title: string): Promise<void> {
  const saved = await csvOf(title);
  expect(saved.map(Object.keys)).toEqual(rows.map(Object.keys));
  for (const [index, row] of rows.entries()) {
    for (const [column, shown] of Object.entries(row)) expect(asShown(saved[index]?.[column] ?? '', shown)).toBe(shown);
  }
}

/** A value of a CSV as the table shows it, by the form of what is there. */
function asShown(value: string, like: string): string {
  if (value === '') return '–';
  if (like.endsWith('%')) return `${(100 * Number(value)).toFixed(1)}%`;
  if (like.startsWith('$')) return `$${Number(value).toFixed(2)}`;
  if (/^\d+ (min|s)/.test(like)) return `${Math.round(Number(value) / 60)} min`;
  const decimals = /^[\d,]+\.(\d+)$/.exec(like)?.[1]?.length;
  return decimals === undefined ? value.replace(/^'/, '') : Number(value).toFixed(decimals);
}

/** Below analytics, with the title and the last heading of each. */
const pagesOfPhone = () =>
  [
    ['', 'Analytics', 'Day by day'],
    ['/usage', 'Usage', 'Retention of new endpoints'],
    ['/events', 'Events', 'Day by day'],
    ['/funnels/new', 'Create a funnel', 'The whole funnel'],
    ['/demographics', 'Demographics', 'All values'],
    [`/campaigns/${campaignId}`, 'spring', 'Runs'],
    ['/transactional', 'Transactional messages', 'Day by day'],
  ] as const;

/** Of the days, newest first. */
function column(rows: readonly Row[], name: string): string[] {
  return rows.map((row) => row[name] as string);
}

describe('analytics in the console', { timeout: 60_000 }, () => {
  let broken = false;

  // One story on one page: after a step that failed, the later ones would only time out.
  beforeEach(({ skip }) => skip(broken, 'an earlier step failed'));
  afterEach(({ task }) => {
    broken ||= task.result?.state === 'fail';
  });

  it('shows the overview of the days in its address', async () => {
    await page.goto(`${server.origin}/console${project}/analytics?${range}`);
    await page.getByLabel('User name').fill(server.userName);
    await page.getByLabel('Password').fill(server.password);
    await button('Sign in').click();
    const rows = await tableOf('Day by day');
    expect(column(rows, 'Date')).toEqual(dates.toReversed());
    expect(column(rows, 'Daily active endpoints')).toEqual(['1', '2', '3', '4', '5']);
    expect(column(rows, 'Sessions')).toEqual(['1', '2', '3', '4', '5']);
    expect(column(rows, 'Revenue (USD)')).toEqual(['$0.00', '$0.00', '$0.00', '$0.00', '$40.00']);
    expect(column(rows, 'Messages delivered')).toEqual(['0', '5', '0', '0', '0']);
    expect(column(rows, 'E-mail open rate')).toEqual(['–', '20.0%', '–', '–', '–']);
    expect(column(rows, 'Transactional e-mail sent')).toEqual(['0', '0', '0', '4', '0']);
    expect(column(rows, 'Transactional e-mail delivered')).toEqual(['0', '0', '0', '3', '0']);
    await expectCsvToBe(rows, 'Day by day');
    await page.getByRole('application', { name: 'Sessions by day' }).waitFor();
    await eventually(() => main().getByText('Targetable endpoints').locator('xpath=../..').textContent()).toMatch(/3$/);
    await lookForBarriers();
  });

  it('keeps the days that were chosen through a reload and to the next page', async () => {
    await button(/^Days of the report/).click();
    await button('The last days').click();
    await page.getByRole('radio', { name: 'Last 7 days' }).check({ force: true });
    await lookForBarriers();
    await button('Apply').click();
    await page.waitForURL(/range=7d/);
    await page.reload();
    await eventually(async () => (await tableOf('Day by day')).length).toBe(7);
    await page.getByRole('link', { name: 'More about usage' }).click();
    await heading('Usage').waitFor();
    expect(new URL(page.url()).search).toBe('?zone=UTC&range=7d');
    expect(await tableOf('Day by day')).toHaveLength(7);
  });

  it('shows usage, when sessions were, and who came back', async () => {
    await open(`analytics/usage?${range}`, 'Usage');
    await eventually(async () => (await tableOf('Day by day')).length).toBe(5);
    const rows = await tableOf('Day by day');
    expect(column(rows, 'New endpoints')).toEqual(['0', '0', '0', '0', '5']);
    expect(column(rows, 'Monthly active endpoints')).toEqual(['5', '5', '5', '5', '5']);
    expect(column(rows, 'Daily active users')).toEqual(['1', '1', '2', '2', '3']);
    expect(column(rows, 'Sticky factor')).toEqual(['0.2', '0.4', '0.6', '0.8', '1']);
    await expectCsvToBe(rows, 'Day by day');
    const hours = page.getByRole('region', { name: 'Sessions by day of the week and hour' });
    const weekday = at(0).toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' });
    // Noon in UTC is noon in Lisbon, or an hour later in summer.
    await eventually(() => hours.getByRole('row', { name: weekday }).textContent()).toMatch(/day5$/);
    const retention = page.getByRole('region', { name: 'Retention of new endpoints' });
    await eventually(() => retention.getByRole('row', { name: dates[0] as string }).textContent()).toMatch(
      /\(5\)100%80%60%40%20%/,
    );
    await lookForBarriers();
  });

  it('shows revenue', async () => {
    await open(`analytics/revenue?${range}`, 'Revenue');
    const rows = await tableOf('Day by day');
    expect(rows.at(-1)).toEqual({
      ...{ Date: dates[0], Revenue: '$40.00', 'Revenue per active endpoint': '$8.00', 'Paying users': '1' },
      ...{ 'Revenue per paying user': '$40.00', 'Units sold': '4', 'Units sold per active endpoint': '0.8' },
      ...{ Purchases: '2', 'Purchases per buying endpoint': '1' },
    });
    await expectCsvToBe(rows, 'Day by day');
    await lookForBarriers();
  });

  it('shows revenue and usage of the endpoints that a filter asks for', async () => {
    await button('Endpoints').click();
    await button('Add condition').click();
    await page.getByRole('combobox', { name: 'Name' }).fill('plan');
    await page.getByRole('combobox', { name: 'Name' }).press('Enter');
    await page.getByRole('combobox', { name: 'Values' }).fill('pro');
    await page.getByRole('combobox', { name: 'Values' }).press('Enter');
    await button('View charts').click();
    await page.waitForURL(/filter=/);
    await eventually(async () => column(await tableOf('Day by day'), 'Revenue')[4]).toBe('$20.00');
    const rows = await tableOf('Day by day');
    expect(rows.at(-1)).toMatchObject({ Purchases: '1', 'Units sold': '2', 'Buying endpoints': '1' });
    await expectCsvToBe(rows, 'Day by day');
    await lookForBarriers();
    await open(`analytics/usage${new URL(page.url()).search}`, 'Usage');
    await eventually(async () => column(await tableOf('Day by day'), 'Sessions')).toEqual(['1', '1', '1', '1', '1']);
  });

  it('explores events by type, condition and attribute, and the question stands in the address', async () => {
    await open(`analytics/events?${range}`, 'Events');
    await page.getByRole('combobox', { name: 'Event', exact: true }).fill('cart.add');
    await button('Add condition').click();
    await page.getByRole('combobox', { name: 'Name' }).fill('sku');
    await page.getByRole('combobox', { name: 'Name' }).press('Enter');
    expect(await button('View charts').getAttribute('aria-disabled')).toBe('true');
    const values = page.getByRole('combobox', { name: 'Values' });
    await values.click();
    await page.getByRole('option', { name: 'hat' }).click();
    const by = page.getByRole('combobox', { name: 'Broken down by an attribute' });
    await by.fill('sku');
    await by.press('Enter');
    await button('View charts').click();
    expect(await tableOf('By sku')).toEqual([{ sku: 'hat', Events: '2', Endpoints: '2' }]);
    expect(column(await tableOf('Day by day'), 'Events')).toEqual(['0', '0', '0', '0', '2']);
    await lookForBarriers();
    await page.reload();
    expect(await tableOf('By sku')).toHaveLength(1);
    await button('Remove condition').click();
    await button('View charts').click();
    await eventually(async () => (await tableOf('By sku')).length).toBe(2);
    const rows = await tableOf('By sku');
    expect(rows).toContainEqual({ sku: '=HYPERLINK("x")', Events: '1', Endpoints: '1' });
    await expectCsvToBe(rows, 'By sku');
    expect(column(await csvOf('By sku'), 'sku')).toContain(`'=HYPERLINK("x")`);
    await page.goBack();
    await eventually(async () => (await tableOf('By sku')).length).toBe(1);
  });

  it('lists the names that apps use, each of which leads to its events', async () => {
    await page.getByRole('tab', { name: 'Names in use' }).click();
    // Counts come after names.
    await eventually(async () => column(await tableOf('Names in use'), 'Events, last 14 days')).toContain('15');
    const rows = await tableOf('Names in use');
    const kinds = Object.fromEntries(rows.map((row) => [row['Name'], row['Kind']]));
    expect(kinds).toMatchObject({
      'cart.add': 'Event',
      '_session.start': 'Standard event',
      sku: 'Attribute',
      price: 'Metric',
    });
    expect(rows.find(({ Name }) => Name === '_session.start')).toMatchObject({ 'Events, last 14 days': '15' });
    await expectCsvToBe(rows, 'Names in use');
    await lookForBarriers();
    await page.getByRole('link', { name: 'cart.add', exact: true }).click();
    await eventually(() => page.getByRole('combobox', { name: 'Event', exact: true }).inputValue()).toBe('cart.add');
  });

  it('builds a funnel, tries it, and saves what it tried', async () => {
    await open(`analytics/funnels`, 'Funnels');
    await heading('No funnels').waitFor();
    await lookForBarriers();
    await open(`analytics/funnels/new?${range}`, 'Create a funnel');
    await page.getByLabel('Name of the funnel').fill('To a purchase');
    const event = (step: number) => page.getByRole('combobox', { name: 'Event', exact: true }).nth(step - 1);
    await event(1).fill('cart.add');
    await event(2).fill('_monetization.purchase');
    await button('Add step').click();
    await event(3).fill('_session.start');
    await event(3).press('Enter');
    // It was put last, and belongs first.
    await button('Move Step 3 up').click();
    await button('Move Step 2 up').click();
    await page.getByLabel('Name', { exact: true }).first().fill('Opened');
    await lookForBarriers();
    await button('Try it').click();
    const expected = [
      { Step: '1', Name: 'Opened', Endpoints: '5', Share: '100.0%', 'Dropped off': '0', 'Average time': '–' },
      { Step: '2', Name: 'cart.add', Endpoints: '3', Share: '60.0%', 'Dropped off': '2', 'Average time': '10 min' },
      {
        ...{ Step: '3', Name: '_monetization.purchase', Endpoints: '2', Share: '40.0%', 'Dropped off': '1' },
        'Average time': '40 min',
      },
    ];
    expect(await tableOf('Steps')).toEqual(expected);
    await button('Create funnel').click();
    await heading('To a purchase').waitFor();
    const rows = await tableOf('Steps');
    expect(rows).toEqual(expected);
    await expectCsvToBe(rows, 'Steps');
    await page.getByRole('application', { name: 'Steps of the funnel' }).waitFor();
    await lookForBarriers();
  });

  it('changes the funnel, whose window then leaves fewer', async () => {
    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Time to get through').fill('35');
    await button(/^Unit of time/).click();
    await page.getByRole('option', { name: 'minutes' }).click();
    await page.getByRole('radio', { name: 'Users' }).check({ force: true });
    await button('Save funnel').click();
    await heading('To a purchase').waitFor();
    await main().getByText('35 min', { exact: true }).waitFor();
    const rows = await tableOf('Steps');
    // Five endpoints are three users; one of two purchases was within 35 minutes, and both are of one user.
    expect(column(rows, 'Users')).toEqual(['3', '2', '1']);
    expect(column(rows, 'Average time')).toEqual(['–', '10 min', '30 min']);
  });

  it('deletes the funnel once its name is typed', async () => {
    await button('Delete').click();
    const dialog = page.getByRole('dialog', { name: 'Delete funnel' });
    await dialog.getByLabel('Name of the funnel').fill('To a purchase');
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await heading('No funnels').waitFor();
  });

  it('shows demographics, of all channels and of one', async () => {
    await open('analytics/demographics', 'Demographics');
    const rows = await tableOf('All values');
    expect(rows).toEqual([
      { What: 'Platform', Value: 'Android', Endpoints: '3' },
      { What: 'Platform', Value: 'iOS', Endpoints: '2' },
      { What: 'Country', Value: 'PT', Endpoints: '5' },
    ]);
    await expectCsvToBe(rows, 'All values');
    await eventually(() => tableOf('Values of plan')).toEqual([
      { Value: 'pro', Endpoints: '2' },
      { Value: 'free', Endpoints: '1' },
    ]);
    await lookForBarriers();
    await open('analytics/demographics?channel=SMS', 'Demographics');
    await page.getByText('No active endpoint told anything of itself', { exact: false }).waitFor();
  });

  it('shows campaigns, and each by itself', async () => {
    await open(`analytics/campaigns?${range}`, 'Campaigns');
    // Names come after figures.
    await eventually(async () => column(await tableOf('By campaign'), 'Campaign')).toEqual(['spring']);
    const rows = await tableOf('By campaign');
    expect(rows).toMatchObject([
      {
        ...{ Campaign: 'spring', 'Messages sent': '5', 'Messages delivered': '5', 'Delivery rate': '100.0%' },
        ...{ 'Endpoints delivered to': '5', 'E-mails opened': '1', 'E-mail open rate': '20.0%' },
      },
    ]);
    await expectCsvToBe(rows, 'By campaign');
    await lookForBarriers();
    await page.getByRole('link', { name: 'spring', exact: true }).click();
    await heading('spring').waitFor();
    expect(await tableOf('Runs')).toMatchObject([{ Run: 'run-1', 'Messages sent': '5', 'E-mails opened': '1' }]);
    expect(column(await tableOf('Day by day'), 'Messages sent')).toEqual(['0', '5', '0', '0', '0']);
    await expectCsvToBe(await tableOf('Day by day'), 'Day by day');
    // p0 and p1 opened the app on the day of the message; the next day's sessions come a whole day later.
    const followed = await tableOf('Sessions and purchases day by day');
    expect(column(followed, 'Sessions')).toEqual(['0', '2', '0', '0', '0']);
    await expectCsvToBe(followed, 'Sessions and purchases day by day');
    await page.getByRole('combobox', { name: 'Event', exact: true }).fill('_session.start');
    await page.getByRole('combobox', { name: 'Event', exact: true }).press('Enter');
    // Two of the five opened the app on the day of the message; a whole day later is too late.
    expect(await tableOf('Converted')).toEqual([
      { Treatment: '0', 'Messages sent': '5', Converted: '2', Rate: '40.0%' },
    ]);
    await lookForBarriers();
  });

  it('shows transactional messages, each channel by itself', async () => {
    await open(`analytics/transactional?${range}`, 'Transactional messages');
    const mails = await tableOf('Day by day');
    expect(mails[3]).toMatchObject({
      ...{ Sent: '4', Delivered: '3', 'Delivery rate': '75.0%', Opened: '1', 'Recipients who opened': '1' },
      ...{ 'Bounce rate': '25.0%', 'Hard bounces': '1', 'Soft bounces': '0' },
    });
    await expectCsvToBe(mails, 'Day by day');
    await lookForBarriers();
    await page.getByRole('tab', { name: 'SMS' }).click();
    const countries = await tableOf('By country');
    expect(countries).toMatchObject([
      { Country: 'CH', Sent: '1', 'Message parts': '2' },
      { Country: 'PT', Sent: '1', 'Message parts': '1', Delivered: '1' },
    ]);
    await expectCsvToBe(countries, 'By country');
    expect(new URL(page.url()).searchParams.get('tab')).toBe('sms');
    await lookForBarriers();
  });

  it('begins a stream of events to files, shows how far it is, and ends it once its kind is typed', async () => {
    await open('event-stream', 'Event stream');
    await heading('Events are streamed nowhere').waitFor();
    await lookForBarriers();
    await page.getByRole('button', { name: /^Kind/ }).click();
    await page.getByRole('option', { name: 'Files' }).click();
    await page.getByLabel('Place').fill('s3://events/stream');
    await button('Begin the stream').click();
    await heading('State').waitFor();
    await main().getByText('s3://events/stream', { exact: true }).waitFor();
    await lookForBarriers();
    await button('End the stream').click();
    const dialog = page.getByRole('dialog', { name: 'Delete event stream' });
    await dialog.getByLabel('Name of the event stream').fill('FILES');
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await heading('Events are streamed nowhere').waitFor();
  });

  it('can be read on a phone', async () => {
    await page.setViewportSize({ width: 375, height: 740 });
    for (const [below, title, last] of pagesOfPhone()) {
      await open(`analytics${below}?${range}`, title);
      await heading(last).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth'), title).toBeLessThanOrEqual(375);
    }
  });

  it('keeps nobody out in the dark either', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const [below, title, last] of pagesOfPhone().slice(1, 4)) {
      await open(`analytics${below}?${range}`, title);
      await heading(last).waitFor();
      await lookForBarriers();
    }
  });

  it('kept nobody out on any of these pages', () => {
    expect([...new Set(barriers)]).toEqual([]);
  });

  it('did all that without an error, against its own policy, or with another host', () => {
    expect(watched.faults).toEqual([]);
    expect(watched.foreign).toEqual([]);
  });
});
