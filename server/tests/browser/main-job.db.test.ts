/**
 * The main job in a real browser, from sign-in to results: a project, a mail server, a file of people dropped on the page, a
 * segment with its live count, a template, a campaign of two messages with some held out. What the mail server received is
 * what the console says was sent. axe looks at each page.
 */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CreateEmailTemplateCommand } from '@aws-sdk/client-pinpoint';
import { afterAll, describe, expect, it } from 'vitest';
import { openSink } from '../support/smtp-sink.ts';
import { asOneStory, eventually, openConsole } from './console-page.ts';

const sink = await openSink();
afterAll(() => sink.close());
const shown = await openConsole({ environment: { REPOINT_ALLOWED_NETWORKS: '127.0.0.0/8' } });
const { page, button, heading, link, main, row, dialog, visit, choose, lookForBarriers } = shown;

/** Of whom two thirds are on the plan that the campaign is for. */
const people = Array.from({ length: 60 }, (_each, index) => ({
  ...{ address: `person${index}@example.com`, user: `u-${index}`, plan: index % 3 === 0 ? 'free' : 'pro' },
}));
const file = ['E-mail,Customer ID,plan', ...people.map(({ address, user, plan }) => `${address},${user},${plan}`)];
const invited = people.filter(({ plan }) => plan === 'pro');
let project: string;

/** As from a file manager: dragged over the page, dropped where it says so. */
async function dropFile(name: string, text: string): Promise<void> {
  const transfer = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}, { type: 'text/csv' }));
    return transfer;
  })()`);
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
  await page.dispatchEvent('body', 'dragover', { dataTransfer: transfer });
  const zone = page.getByText('Drop a file here');
  await zone.waitFor();
  await zone.dispatchEvent('dragover', { dataTransfer: transfer });
  await zone.dispatchEvent('drop', { dataTransfer: transfer });
}

const subjectOf = (content: string) => /^Subject: (.*)$/im.exec(content)?.[1]?.trim() ?? '';
const received = () => ({
  total: sink.mails.length,
  plain: sink.mails.filter(({ content }) => subjectOf(content).startsWith('Hello')).length,
  loud: sink.mails.filter(({ content }) => subjectOf(content).startsWith('Hey')).length,
});
const numberIn = async (name: RegExp, column: number) =>
  Number(await main().getByRole('row', { name }).getByRole('cell').nth(column).textContent());

describe('the main job in the console', { timeout: 90_000 }, () => {
  asOneStory();

  it('begins with a sign-in and a project, whose page shows the next three steps with their commands', async () => {
    await shown.signIn('/projects');
    await button('Create a project').click();
    await dialog('Create a project').getByLabel('Project name').fill('Spring shop');
    await button('Create').click();
    await heading('Next steps').waitFor();
    for (const step of ['1. Bring people in', '2. Build a segment', '3. Send a message']) await heading(step).waitFor();
    expect(await page.getByText('aws pinpoint send-messages').isVisible()).toBe(true);
    project = new URL(page.url()).pathname.replace('/console', '');
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

  it('sets up the e-mail channel and its mail server', async () => {
    await visit(`${project}/channels/email`, 'E-mail');
    await page.getByLabel('From', { exact: true }).fill('Shop <shop@example.com>');
    await page.getByLabel('Identity', { exact: true }).fill('example.com');
    await button('Save channel').click();
    await page.getByText('E-mail saved', { exact: true }).waitFor();
    await choose('Kind', 'SMTP');
    await page.getByLabel('Host', { exact: true }).fill('127.0.0.1');
    await page.getByLabel(/^Port/).fill(String(sink.port));
    await choose('Encryption', 'none');
    await button('Save provider').click();
    await page.getByText('The project has its own: SMTP.').waitFor();
    await lookForBarriers();
  });

  it('imports a file that is dropped on the page, after its columns were checked', async () => {
    await visit(`${project}/imports/new`, 'Import a file');
    await dropFile('people.csv', file.join('\r\n'));
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

  it('builds a segment while the count follows', async () => {
    await visit(`${project}/segments/new`, 'Build a segment');
    const eligible = page.getByTestId('estimate-eligible');
    await eventually(() => eligible.textContent()).toBe(String(people.length));
    await page.getByLabel('Name', { exact: true }).first().fill('Pro');
    await button('Add criterion').click();
    await page.getByRole('combobox', { name: 'Name' }).fill('plan');
    await page.getByRole('combobox', { name: 'Values' }).fill('pro');
    await page.getByRole('combobox', { name: 'Values' }).press('Enter');
    await eventually(() => eligible.textContent()).toBe(String(invited.length));
    await lookForBarriers();
    await button('Create segment').click();
    await heading('Pro').waitFor();
    await row(/person\d+@example\.com/)
      .first()
      .waitFor();
    await lookForBarriers();
  });

  it('writes a template and sees it as a person would', async () => {
    await visit(`${project}/templates/EMAIL`, 'New template: E-mail');
    await page.getByLabel('Name', { exact: true }).fill('welcome');
    await page.getByRole('textbox', { name: 'Subject', exact: true }).fill('Hello {{User.UserId}}');
    await page.getByLabel('HTML', { exact: true }).fill('<h1 style="color: rgb(200, 0, 0)">Dear {{User.UserId}}</h1>');
    const { query } = shown.server.database;
    const { id } = await query
      .selectFrom('endpoints')
      .select('id')
      .where('address', '=', 'person1@example.com')
      .executeTakeFirstOrThrow();
    await page.getByPlaceholder('Endpoint ID').fill(id);
    const title = page.frameLocator('iframe[title="HTML of the message"]').locator('h1');
    await eventually(() => title.textContent()).toBe('Dear u-1');
    // In the page: what runs in a sandboxed frame is nobody, not even a test.
    const colour = await page.evaluate<string>(`{
      const frame = document.querySelector('iframe[title="HTML of the message"]');
      frame.contentWindow.getComputedStyle(frame.contentDocument.querySelector('h1')).color;
    }`);
    expect(colour).toBe('rgb(200, 0, 0)');
    await main().getByText('Hello u-1').waitFor();
    await lookForBarriers();
    await button('Create template').click();
    await page.getByText('Active version', { exact: true }).waitFor();
    await lookForBarriers();
  });

  it('rehearses a campaign of two messages with some held out, and launches it', async () => {
    const EmailTemplateRequest = { Subject: 'Hey {{User.UserId}}!', HtmlPart: '<h1>SALE</h1>' };
    await shown.client.send(new CreateEmailTemplateCommand({ TemplateName: 'loud', EmailTemplateRequest }));
    await visit(`${project}/campaigns/new`, 'Create a campaign');
    await page.getByLabel('Name of the campaign', { exact: true }).fill('Spring sale');
    await choose('Segment', 'Pro');
    const heldOut = page.getByRole('slider', { name: 'Held out' });
    for (let step = 0; step < 20; step += 1) await heldOut.press('ArrowRight');
    await page.getByText('Held out: 20 %', { exact: true }).waitFor();
    await button('Try another message on a share of them').click();
    await choose('Message A', 'welcome');
    await choose('Message B', 'loud');
    await button('Quiet time').click();
    await page.getByText('Empty: as the project is set (none).', { exact: false }).waitFor();
    await page.getByRole('textbox', { name: 'Quiet from' }).fill('22:00');
    await page.getByText('Quiet time has a start and an end.').first().waitFor();
    // Of nobody here the time zone is known: it keeps nothing from anybody.
    await page.getByRole('textbox', { name: 'Quiet until' }).fill('07:30');
    await lookForBarriers();
    await button('Rehearse').click();
    await page.getByText('Endpoints in the segment', { exact: true }).waitFor();
    await button(/^As .+ would get it$/)
      .first()
      .click();
    await main()
      .getByText(/^(Hello|Hey) u-/)
      .first()
      .waitFor();
    expect(sink.mails).toEqual([]);
    await button('Launch campaign').click();
    await heading('Spring sale').waitFor();
    await main().getByText('22:00 to 07:30', { exact: true }).waitFor();
  });

  it('shows the results, which are what the mail server received', async () => {
    await eventually(() => main().getByText('Completed', { exact: true }).count()).toBe(2);
    const { total, plain, loud } = received();
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThan(invited.length);
    expect(plain + loud).toBe(total);
    const addresses = new Set(sink.mails.map(({ to }) => to));
    expect(addresses.size).toBe(total);
    const invitedAddresses = new Set(invited.map(({ address }) => address));
    expect([...addresses].filter((address) => !invitedAddresses.has(address))).toEqual([]);
    // A page that was open while it ended, and one that was loaded afterwards, say the same.
    await page.reload();
    await heading('Which message does best').waitFor();
    expect(await main().textContent()).toMatch(new RegExp(`Sent\\s*${total}\\s*Failed\\s*0`));
    expect(await numberIn(/^A /, 1)).toBe(plain);
    expect(await numberIn(/^B /, 1)).toBe(loud);
    await lookForBarriers();
    await link('Campaigns').first().click();
    await row(/Spring sale Completed/).waitFor();
    await lookForBarriers();
  });

  it('kept nobody out, made no error, kept its own policy and asked no other host', () => {
    expect([...new Set(shown.barriers)]).toEqual([]);
    expect(shown.watched).toMatchObject({ faults: [], foreign: [] });
  });
});
