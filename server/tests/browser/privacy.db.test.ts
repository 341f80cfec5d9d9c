/**
 * The work of a privacy officer, who has that policy and no other, in a real browser: rules and holds, an access request, a
 * person found, seen, erased, the receipt checked in the page and by the off-line verifier, people in files; then an
 * administrator: the end of a project and of the account, and the account opened again. axe looks at each page.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CreateExportJobCommand, DeleteEndpointCommand, GetExportJobCommand } from '@aws-sdk/client-pinpoint';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { reopenAccount, verifyReceipt } from '../../src/domains/erasure/index.ts';
import { newestRequest, newProject, plant } from '../support/erasure.ts';
import { findBarriers } from './accessibility.ts';
import { launchBrowser, openWatchedPage, type WatchedPage } from './browser.ts';
import { addPerson, type ConsoleServer, type Person, startConsoleServer } from './console-server.ts';

const root = resolve(import.meta.dirname, '../../..');
const people = ['ana', 'ben', 'eva'];
const officer = { userName: 'olga', password: 'correct horse battery' };
const somebody = (name: string) => ({ id: `e-${name}`, userId: `u-${name}`, email: `${name}@example.com` });

let server: ConsoleServer;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
let folder: string;
let projectId: string;
let project: string;
let serverKey: string;
const barriers: string[] = [];

beforeAll(async () => {
  execFileSync(process.execPath, [join(root, 'scripts/build-console.ts')]);
  folder = mkdtempSync(join(tmpdir(), 'repoint-privacy-'));
  server = await startConsoleServer();
  await addPerson(server.server, officer, ['privacy-officer']);
  browser = await launchBrowser();
  projectId = await newProject(server.server);
  project = `/projects/${projectId}`;
  for (const name of people) await plant(server.server, projectId, somebody(name));
  await exportEverybody();
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
  const app = `/repoint/v1/apps/${projectId}`;
  watched = await openWatchedPage(context, server.origin, [
    ...['/repoint/v1/sign-in', `${app}/opendsr-settings`, `${app}/erasure-holds`],
  ]);
  page = watched.page;
  page.setDefaultTimeout(30_000);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function exportEverybody(): Promise<void> {
  const client = server.server.client();
  const ExportJobRequest = { RoleArn: 'arn:aws:iam::123456789012:role/r', S3UrlPrefix: `s3://exports/${projectId}` };
  const made = await client.send(new CreateExportJobCommand({ ApplicationId: projectId, ExportJobRequest }));
  const JobId = made.ExportJobResponse?.Id;
  await vi.waitFor(
    async () => {
      const got = await client.send(new GetExportJobCommand({ ApplicationId: projectId, JobId }));
      expect(got.ExportJobResponse?.JobStatus).toBe('COMPLETED');
    },
    { timeout: 30_000, interval: 50 },
  );
}

const eventually = (read: () => Promise<unknown>) => expect.poll(read, { timeout: 30_000, interval: 50 });
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { name, exact: true });
const tab = (name: string) => page.getByRole('tab', { name, exact: true });
const notice = (text: string) => page.getByText(text, { exact: true }).first();
const row = (name: RegExp) => page.getByRole('row', { name });

/** As a link of the console leads there: without loading the page anew. */
async function open(path: string, title: string): Promise<void> {
  await page.evaluate(`{
    history.pushState(null, '', ${JSON.stringify(`/console${path}`)});
    dispatchEvent(new PopStateEvent('popstate', { state: null }));
  }`);
  await heading(title).first().waitFor();
}

/** What axe finds on the page that is open; told at the end, all together. */
async function lookForBarriers(): Promise<void> {
  const { pathname } = new URL(page.url());
  for (const barrier of await findBarriers(page)) barriers.push(`${pathname.replace(project, '')}: ${barrier}`);
}

async function signIn({ userName, password }: Person): Promise<void> {
  await page.getByLabel('User name').fill(userName);
  await page.getByLabel('Password').fill(password);
  await button('Sign in').click();
}

async function name(identity: string): Promise<void> {
  await page.getByLabel('Identity', { exact: true }).fill(identity);
  await button('Add').click();
}

/** The text that stands under a label. */
async function textUnder(label: string): Promise<string> {
  const term = page.locator('dt', { hasText: new RegExp(`^${label}$`) }).first();
  return (await term.locator('xpath=../dd').first().textContent()) ?? '';
}

async function saved(act: () => Promise<void>): Promise<{ readonly path: string; readonly download: Download }> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return { path, download };
}

/** On another machine: nothing but the file and the key. @returns what it prints; throws when a receipt is not good */
function verifyOffLine(path: string, publicKey: string): string {
  const main = join(root, 'server/src/main.ts');
  const command = [main, 'erasure', 'verify', path, `--public-key=${publicKey}`];
  return execFileSync(process.execPath, command, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
}

describe('privacy in the console', { timeout: 90_000 }, () => {
  let broken = false;

  // One story on one page: after a step that failed, the later ones would only time out.
  beforeEach(({ skip }) => skip(broken, 'an earlier step failed'));
  afterEach(({ task }) => {
    broken ||= task.result?.state === 'fail';
  });

  it('teaches how somebody is erased while nobody was', async () => {
    await page.goto(`${server.origin}/console${project}/erasures`);
    await signIn(officer);
    await heading('Nobody was erased yet').waitFor();
    await page.getByText(`repoint -- erase --project ${projectId}`).waitFor();
    await lookForBarriers();
  });

  it('tries a rule about age before it is made, and ends it again', async () => {
    await open(`${project}/privacy`, 'Retention rules');
    await button('Set a rule for Events').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Days').fill('30');
    expect(await dialog.getByRole('button', { name: 'Save the rule' }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Show what goes' }).click();
    await dialog.getByText('If the rule ran now').waitFor();
    await dialog.getByRole('button', { name: 'Save the rule' }).click();
    await notice('Rule for events saved').waitFor();
    await row(/^Events.*30 days/).waitFor();
    await button('End the rule for Events').click();
    await page.getByLabel('Name of the rule').fill('EVENTS');
    await button('Delete').click();
    await row(/^Events.*For ever/).waitFor();
    await lookForBarriers();
  });

  it('holds fields for a reason until a day, and says which field there is not', async () => {
    await tab('Legal holds').click();
    await heading('Nothing is held').waitFor();
    await button('Create a hold').click();
    await page.getByLabel('Fields to keep').fill('sends.nothing');
    await page.getByLabel('Reason').fill('Dispute 12');
    await page.getByRole('textbox', { name: 'Ends' }).fill('2999/12/31');
    await button('Create').click();
    await page.getByText('Fields[0] is not table.column', { exact: false }).waitFor();
    await page.getByLabel('Fields to keep').fill('sends.*');
    await button('Create').click();
    await row(/Dispute 12.*sends\.\*.*Everybody/).waitFor();
    await lookForBarriers();
  });

  it('lets requests wait, and tells a webhook, whose secret is shown once', async () => {
    await tab('Erasure settings').click();
    await page.getByLabel('Days a request waits').fill('2');
    await button('Save settings').click();
    await notice('Erasure settings saved').waitFor();
    await lookForBarriers();
    await tab('Who is told').click();
    await button('Add a webhook').click();
    await page.getByLabel('URL', { exact: true }).fill('https://hooks.example.com/erasures');
    await button('Add').click();
    await page.getByText(/^whsec_/).waitFor();
    await button('Done').click();
    expect(await page.content()).not.toContain('whsec_');
    await row(/hooks\.example\.com/).waitFor();
    await page.getByText('Not set up: nothing of it answers.').waitFor();
    await lookForBarriers();
    await button('Remove https://hooks.example.com/erasures').click();
    await page.getByLabel('Name of the webhook').fill('https://hooks.example.com/erasures');
    await button('Delete').click();
    await heading('Nobody is told').waitFor();
  });

  it('collects what is held on somebody, behind a link that works without signing in', async () => {
    await open(`${project}/access-requests`, 'Nobody asked yet');
    await button('Collect what is held').click();
    await name('ana@example.com');
    await lookForBarriers();
    await button('Collect').click();
    await heading('The link for the person').waitFor();
    await row(/^endpoints/).waitFor();
    await lookForBarriers();
    const { path } = await saved(() => button('Download the archive').click());
    expect(gunzipSync(readFileSync(path)).toString()).toContain('ana@example.com');
    await eventually(() => textUnder('Downloads')).toBe('1');
  });

  it('names many at once, and says which lines name nobody', async () => {
    await open(`${project}/erasures/new`, 'Erase people');
    await button('Many at once').click();
    await page.getByLabel('One a line').fill('ana@example.com\n*\nUSER_ID,u-ana\nnobody');
    await button('Add these').click();
    await page.getByText('Line 2 is a wildcard', { exact: false }).waitFor();
    await page.getByText('Line 4 is not an e-mail address').waitFor();
    await page.getByText('2 identities', { exact: true }).waitFor();
    await button('Show what is held').click();
    await heading('What is held').waitFor();
    expect(await textUnder('Endpoints')).toBe('1');
    await page.getByText('They stand for:', { exact: false }).getByText('e-ana').waitFor();
    await lookForBarriers();
  });

  it('waits as the project is set, and is taken back as long as it waits', async () => {
    await page.getByLabel('Name to confirm').fill('erasure');
    await button('Erase').click();
    await heading('Erasure of people').first().waitFor();
    await page.getByText('Waiting', { exact: true }).first().waitFor();
    await button('Take it back').click();
    await button('Take back').click();
    await page.getByText('Cancelled', { exact: true }).first().waitFor();
    await page.getByText('There is no receipt: nothing was done by this request.').waitFor();
    await open(`${project}/people`, 'People');
    await page.getByRole('searchbox').fill('ana@example.com');
    await page.getByRole('searchbox').press('Enter');
    await row(/e-ana/).waitFor();
  });

  it('erases a person once what is held was seen and the name typed, and a reload finds it', async () => {
    await open(`${project}/erasures/new`, 'Erase people');
    await name('ana@example.com');
    await page.getByLabel('Days to wait').fill('0');
    expect(await page.getByLabel('Name to confirm').count()).toBe(0);
    await button('Show what is held').click();
    await page.getByText('Some of it is held').waitFor();
    await page.getByLabel('Name to confirm').fill('ana');
    expect(await button('Erase').isDisabled()).toBe(true);
    await page.getByLabel('Name to confirm').fill('ana@example.com');
    await button('Erase').click();
    await heading('Erasure of people').first().waitFor();
    await page.getByText('Completed', { exact: true }).first().waitFor();
    await page.reload();
    await heading('Receipt').waitFor();
    await row(/^endpoints 1 1 0 0/).waitFor();
    await row(/^import and export files/).waitFor();
    await lookForBarriers();
  });

  it('shows the signed receipt, checks it in the page, and the file is good off line', async () => {
    await page.getByText('Good, by the key of this server').waitFor();
    await page.getByText('Kept, and why').waitFor();
    await page.getByText('sends: 1. Dispute 12', { exact: false }).waitFor();
    const { path } = await saved(() => button('Download the receipt').click());
    const receipt = JSON.parse(readFileSync(path, 'utf8'));
    serverKey = receipt.publicKey;
    expect(await page.getByText('erasure verify').textContent()).toContain(`--public-key=${receipt.publicKey}`);
    expect(verifyOffLine(path, receipt.publicKey)).toMatch(/^good .* PERSON .* COMPLETED/);
    for (const word of Object.values(somebody('ana'))) expect(JSON.stringify(receipt)).not.toContain(word);
    const printed = await saved(() => button('For people (HTML)').click());
    expect(readFileSync(printed.path, 'utf8')).toContain(receipt.erasure.id);
  });

  it('says of a receipt that was changed on the way that it is not good', async () => {
    const receipts = '**/repoint/v1/erasure-receipts/*';
    await page.route(receipts, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace(/"erased":\d+/, '"erased":99') });
    });
    await page.reload();
    await page.getByText('Not good. The signature is not of this content.').waitFor();
    await page.unroute(receipts);
  });

  it('answers whether somebody was erased, and lists requests by their state', async () => {
    await open(`${project}/erasures?state=CANCELLED`, 'Erasure requests');
    const listed = page.getByRole('table', { name: 'Requests', exact: true });
    await eventually(() => listed.getByRole('row').count()).toBe(2);
    await button('State In state cancelled')
      .or(button(/^State/))
      .first()
      .click();
    await page.getByRole('option', { name: 'In every state' }).click();
    await eventually(() => listed.getByRole('row').count()).toBe(3);
    await page.getByLabel('Whom').fill('ANA@example.com');
    await button('Look').click();
    const found = page.getByRole('table', { name: 'Requests that named somebody' });
    await eventually(() => found.getByRole('row').count()).toBe(3);
    await lookForBarriers();
    await page.getByLabel('Whom').fill('somebody.else@example.com');
    await button('Look').click();
    await page.getByText('No request of this project named this identity.').waitFor();
  });

  it('looks for a person in files first, then erases their rows, and the file holds the others', async () => {
    await open(`${project}/files`, 'People in files');
    await row(/s3:\/\/exports/).waitFor();
    await page.getByRole('link', { name: /^Erase in s3:\/\/exports/ }).click();
    await heading('Erase in files').first().waitFor();
    await name('ben@example.com');
    await button('Look').click();
    await eventually(() => textUnder('Rows found')).toBe('1');
    await lookForBarriers();
    await page.getByLabel('Name to confirm').fill('ben@example.com');
    await button('Erase these rows').click();
    await heading('Erasure in files').first().waitFor();
    await page.getByText('Good, by the key of this server').waitFor();
    expect(await textUnder('Rows erased')).toBe('1');
    await lookForBarriers();
    await open(`${project}/files`, 'People in files');
    const { path } = await saved(() => button(/^Download s3:\/\/exports/).click());
    const rows = gunzipSync(readFileSync(path)).toString();
    expect([rows.includes('ana@'), rows.includes('ben@'), rows.includes('eva@')]).toEqual([false, false, true]);
    await tab('Erasures in files').click();
    await row(/only looked for/).waitFor();
  });

  it('checks the chain of all receipts, and shows when one is missing', async () => {
    await server.server.client().send(new DeleteEndpointCommand({ ApplicationId: projectId, EndpointId: 'e-eva' }));
    await newestRequest(server.server, projectId);
    await open('/erasure-receipts', 'Erasure receipts');
    await button('Check the chain').click();
    await page.getByText('3 receipts are as they were signed, and none is missing').waitFor();
    await lookForBarriers();
    await page.route('**/repoint/v1/erasure-receipts?*', async (route) => {
      const answer = await route.fetch();
      const { Item, ...rest } = await answer.json();
      await route.fulfill({ response: answer, json: { ...rest, Item: Item.toSpliced(1, 1) } });
    });
    await button('Check the chain').click();
    await page.getByText('Receipt 2 is missing.').waitFor();
    await page.unrouteAll();
    await page.getByRole('link', { name: '1', exact: true }).click();
    await heading('Erasure receipt').first().waitFor();
    await row(/^endpoints 1 1/).waitFor();
    await lookForBarriers();
  });

  it('keeps none of the other pages from somebody who may do nothing else', async () => {
    await open(`${project}/archives`, 'Archives');
    await heading('No archives').waitFor();
    await open('/project-erasures', 'Deleted projects');
    await heading('No project was deleted').waitFor();
    await open('/account', 'Account');
    await button('Close the account').waitFor();
    await open(`${project}/people`, 'People');
    await page.getByText('Can be written to').waitFor();
    await open('/audit-log', 'Audit log');
    await row(/olga/).first().waitFor();
  });

  it.each([
    ['access-requests', 'Access requests'],
    ['erasures/new', 'Erase people'],
    ['files', 'People in files'],
    ['privacy?tab=told', 'Webhooks'],
  ])('can be read on a phone, and in the dark: %s', async (below, title) => {
    await open(`${project}/${below}`, title);
    await page.setViewportSize({ width: 375, height: 740 });
    await page.emulateMedia({ colorScheme: 'dark' });
    // Rows come after the heading.
    await page.waitForTimeout(300);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    await lookForBarriers();
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('exports the project before it is deleted', async () => {
    await page.evaluate('sessionStorage.clear()');
    await page.goto(`${server.origin}/console/projects`);
    await signIn(server);
    await heading('All projects').first().waitFor();
    await open(project, 'erasure');
    await button('Delete project').click();
    await page.getByRole('link', { name: 'Export it first' }).click();
    await heading('No archives').waitFor();
    await button('Export the project').click();
    await button('Export').click();
    await row(/Completed.*s3:\/\/repoint-archives/).waitFor();
    await lookForBarriers();
    const { download } = await saved(() => button(/^Download s3:/).click());
    expect(download.suggestedFilename()).toMatch(new RegExp(`^project-${projectId}-.*\\.tar\\.gz$`));
  });

  it('deletes the project with its name typed, and its receipt is good by the same key', async () => {
    await open(project, 'erasure');
    await button('Delete project').click();
    await page.getByLabel('Name of the project').fill('erasure');
    await button('Delete').click();
    await notice('Project erasure deleted').waitFor();
    await open('/project-erasures', 'Deleted projects');
    await row(new RegExp(`${projectId}.*Completed`)).waitFor();
    await lookForBarriers();
    await page.getByRole('link', { name: projectId }).click();
    await page.getByText('Good, by the key of this server').waitFor();
    await lookForBarriers();
    const { path } = await saved(() => button('Download the receipt').click());
    const { publicKey, erasure } = verifyReceipt(readFileSync(path)).receipt;
    expect([publicKey, erasure.kind, erasure.state]).toEqual([serverKey, 'PROJECT', 'COMPLETED']);
  });

  it('closes the account with its id typed, and says until when it can be opened again', async () => {
    const { accountId } = server.server.administrator;
    await open('/account', 'Account');
    await button('Close the account').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('ID of the account').fill(accountId.slice(1));
    expect(await dialog.getByRole('button', { name: 'Close the account' }).isDisabled()).toBe(true);
    await dialog.getByLabel('ID of the account').fill(accountId);
    await lookForBarriers();
    await dialog.getByRole('button', { name: 'Close the account' }).click();
    await page.getByText(`Account ${accountId} is closed`).waitFor();
    await page.getByText(`repoint -- accounts reopen ${accountId}`).waitFor();
    await page.reload();
    await page.getByText(`Account ${accountId} is closed`).waitFor();
    await lookForBarriers();
    await signIn(server);
    await page.getByText(/The account is closed. Until .* an operator can open it again/).waitFor();
  });

  it('lets people in again once an operator has opened it', async () => {
    const { accountId } = server.server.administrator;
    await server.server.database.transaction((tx) => reopenAccount(tx, accountId));
    await button('Sign in').click();
    await heading('Erasure receipts').or(heading('All projects')).or(heading('Account')).first().waitFor();
    await open('/erasure-receipts', 'Erasure receipts');
    await row(/^4 Project/).waitFor();
    expect(await page.evaluate("sessionStorage.getItem('repoint.closed-account')")).toBeNull();
  });

  it('kept nobody out on any of these pages', () => {
    expect([...new Set(barriers)]).toEqual([]);
  });

  it('did all that without an error, against its own policy, or with another host', () => {
    expect(watched.faults).toEqual([]);
    expect(watched.foreign).toEqual([]);
  });
});
