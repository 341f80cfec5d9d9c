/** The console in a real browser, against a whole server: the story of one project from sign-in to sign-out. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callApi } from '../support/repoint-api.ts';
import { findBarriers } from './accessibility.ts';
import { launchBrowser, openWatchedPage, type WatchedPage } from './browser.ts';
import { addPerson, type ConsoleServer, startConsoleServer } from './console-server.ts';

const project = 'Spring shop';

let server: ConsoleServer;
let browser: Browser;
let watched: WatchedPage;
let page: Page;
const barriers: string[] = [];
/** Of the user of this story, who changes it. */
let password: string;

beforeAll(async () => {
  execFileSync(process.execPath, [resolve(import.meta.dirname, '../../../scripts/build-console.ts')]);
  server = await startConsoleServer();
  ({ password } = server);
  browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  watched = await openWatchedPage(context, server.origin, ['/repoint/v1/sign-in', '/users/ada/password']);
  page = watched.page;
}, 120_000);

afterAll(async () => {
  await browser?.close();
});

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { name, exact: true });
const dialog = (name: string) => page.getByRole('dialog', { name, exact: true });
const notice = (text: string) => page.getByText(text, { exact: true });
/** The text that stands under a label. */
async function textUnder(label: string): Promise<string> {
  const term = page.locator('dt', { hasText: new RegExp(`^${label}$`) });
  return (await term.locator('xpath=../dd').first().textContent()) ?? '';
}

/** What axe finds on the page that is open; told at the end, all together. */
async function lookForBarriers(): Promise<void> {
  const { pathname } = new URL(page.url());
  for (const barrier of await findBarriers(page)) barriers.push(`${pathname}: ${barrier}`);
}

async function signIn(typed: string): Promise<void> {
  await page.getByLabel('User name').fill(server.userName);
  await page.getByLabel('Password').fill(typed);
  await button('Sign in').click();
}

async function statusOfSignIn(UserName: string, Password: string): Promise<number> {
  const body = { UserName, Password };
  return (await callApi(server.server, 'POST /repoint/v1/sign-in', { credentials: null, body })).status;
}

describe('the console', { timeout: 90_000 }, () => {
  let broken = false;

  // One story on one page: after a step that failed, the later ones would only time out.
  beforeEach(({ skip }) => skip(broken, 'an earlier step failed'));
  afterEach(({ task }) => {
    broken ||= task.result?.state === 'fail';
  });

  it('asks for a user name and says what is wrong with a password', async () => {
    await page.goto(server.origin);
    await signIn('not the password');
    await page.getByText('You are not signed in').waitFor();
    await lookForBarriers();
    expect(new URL(page.url()).pathname).toBe('/console/sign-in');
  });

  it('signs in, and teaches the next step while there is no project', async () => {
    await signIn(server.password);
    await heading('All projects').waitFor();
    await heading('No projects in us-east-1').waitFor();
    await page.getByText(`--endpoint-url ${server.origin}`).waitFor();
    await lookForBarriers();
  });

  it('came to this page with a few files: each one more is another turn to wait', async () => {
    const scripts = await page.evaluate<readonly string[]>(
      "performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => name.endsWith('.js'))",
    );
    expect(scripts.length).toBeGreaterThan(2);
    expect(scripts.length).toBeLessThan(15);
  });

  it('creates a project, which is there after a reload', async () => {
    await button('Create a project').click();
    await dialog('Create a project').waitFor();
    await lookForBarriers();
    await dialog('Create a project').getByLabel('Project name').fill(project);
    await button('Create').click();
    await heading(project).waitFor();
    expect(await textUnder('ARN')).toMatch(/arn:aws:mobiletargeting:us-east-1:\d{12}:apps\/[0-9a-f]{32}/);
    await page.reload();
    await heading(project).waitFor();
    await page.getByRole('link', { name: 'All projects' }).first().click();
    await page.getByRole('link', { name: project, exact: true }).waitFor();
  });

  it('keeps the regions apart', async () => {
    await button('Region: us-east-1').click();
    await page.getByRole('menuitemcheckbox', { name: 'eu-west-1', exact: true }).click();
    await heading('No projects in eu-west-1').waitFor();
    await page.reload();
    await heading('No projects in eu-west-1').waitFor();
    await button('Region: eu-west-1').click();
    await page.getByRole('menuitemcheckbox', { name: 'us-east-1', exact: true }).click();
    await page.getByRole('link', { name: project, exact: true }).click();
    await heading(project).waitFor();
  });

  it('sets a tag and takes it away again', async () => {
    await button('Manage tags').click();
    await button('Add new tag').click();
    await page.getByPlaceholder('Enter key').fill('cost centre');
    await page.getByPlaceholder('Enter value').fill('12 + 3');
    await lookForBarriers();
    await button('Save tags').click();
    await notice('Tags saved').waitFor();
    await page.reload();
    await heading(project).waitFor();
    expect(await textUnder('cost centre')).toBe('12 + 3');
    await button('Manage tags').click();
    await page.getByRole('button', { name: /^Remove/ }).click();
    await button('Save tags').click();
    await notice('Tags saved').waitFor();
    await page.getByText('No tags.', { exact: false }).waitFor();
  });

  it('sets the quiet time and takes it away again', async () => {
    await button('Edit quiet time').click();
    await page.getByRole('textbox', { name: 'Start' }).fill('22:00');
    await page.getByRole('textbox', { name: 'End' }).fill('07:30');
    await lookForBarriers();
    await button('Save').click();
    await notice('Quiet time saved').waitFor();
    await page.reload();
    await heading('Quiet time').waitFor();
    expect(await textUnder('Start')).toBe('22:00');
    expect(await textUnder('End')).toBe('07:30');
    await button('Edit quiet time').click();
    await page.getByRole('textbox', { name: 'Start' }).fill('');
    await page.getByRole('textbox', { name: 'End' }).fill('');
    await button('Save').click();
    await notice('Quiet time saved').waitFor();
    expect(await textUnder('Start')).toBe('Not set');
  });

  it('makes an access key, shows its secret once, and switches it off', async () => {
    await page.getByRole('link', { name: 'Access keys' }).click();
    await button('Create access key').click();
    await button('Create').click();
    const created = dialog('Access key created');
    await created.waitFor();
    await lookForBarriers();
    const [id, secret] = await Promise.all([textUnder('Access key ID'), textUnder('Secret access key')]);
    expect(secret.length).toBeGreaterThanOrEqual(30);
    await button('Done').click();
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('radio', { name: `Select ${id}` }).check({ force: true });
    await button('Disable').click();
    await notice(`Access key ${id} disabled`).waitFor();
    await page.getByRole('row', { name: id }).getByText('Inactive').waitFor();
    await lookForBarriers();
  });

  it('lists the users', async () => {
    await page.getByRole('link', { name: 'Users' }).click();
    await page.getByRole('row', { name: server.userName }).getByText('May sign in').waitFor();
    await lookForBarriers();
  });

  it('gives a user who is locked out another password, with which they may sign in at once', async () => {
    await addPerson(server.server, { userName: 'lea', password: server.password }, ['read-only']);
    for (let guess = 0; guess < 5; guess += 1) expect(await statusOfSignIn('lea', 'not the password')).toBe(403);
    expect(await statusOfSignIn('lea', server.password)).toBe(403);
    await page.reload();
    await page.getByRole('row', { name: 'lea' }).getByText('Locked: too many wrong passwords').waitFor();
    await page.getByRole('radio', { name: 'Select lea' }).check({ force: true });
    await button('Set password').click();
    const asked = dialog('Set the password of lea');
    await asked.getByLabel('New password').fill('another password');
    await asked.getByLabel('The same again').fill('another passwort');
    await asked.getByText('The two are not the same.').waitFor();
    await lookForBarriers();
    expect(await asked.getByRole('button', { name: 'Set password' }).isDisabled()).toBe(true);
    await asked.getByLabel('The same again').fill('another password');
    await asked.getByRole('button', { name: 'Set password' }).click();
    await notice('Password of lea set').waitFor();
    await page.getByRole('row', { name: 'lea' }).getByText('May sign in').waitFor();
    expect(await statusOfSignIn('lea', 'another password')).toBe(200);
  });

  it('asks for the present password of whoever changes their own, from the list of users too', async () => {
    await page.getByRole('radio', { name: `Select ${server.userName}` }).check({ force: true });
    await button('Set password').click();
    await dialog('Change your password').getByLabel('Present password').waitFor();
    await dialog('Change your password').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('radio', { name: 'Select lea' }).check({ force: true });
    await button('Set password').click();
    await dialog('Set the password of lea').getByLabel('New password').waitFor();
    expect(await dialog('Set the password of lea').getByLabel('Present password').count()).toBe(0);
    await dialog('Set the password of lea').getByRole('button', { name: 'Cancel' }).click();
  });

  it('lets people change their own password by the present one, and goes on with the new one', async () => {
    const changed = 'correct horse battery staple';
    await button(`Signed in as ${server.userName}`).click();
    await page.getByRole('menuitem', { name: 'Change password' }).click();
    const asked = dialog('Change your password');
    const submit = asked.getByRole('button', { name: 'Change password' });
    await asked.getByLabel('New password').fill(changed);
    await asked.getByLabel('The same again').fill(changed);
    expect(await submit.isDisabled()).toBe(true);
    await asked.getByLabel('Present password').fill('not the password');
    await submit.click();
    await asked.getByText('Your password was not changed').waitFor();
    await asked.getByText('The present password is not right', { exact: false }).waitFor();
    await lookForBarriers();
    expect(await statusOfSignIn(server.userName, changed)).toBe(403);
    await asked.getByLabel('Present password').fill(server.password);
    await submit.click();
    await notice('Password changed').waitFor();
    await page.getByRole('link', { name: 'Access keys' }).click();
    await heading('Access keys').first().waitFor();
    await page.getByRole('row', { name: server.userName }).first().waitFor();
    expect(await statusOfSignIn(server.userName, server.password)).toBe(403);
    password = changed;
  });

  it('asks people to sign in with the new password when the server does not let them on at once', async () => {
    const changed = `${password} again`;
    await page.route('**/repoint/v1/sign-in', (route) => route.fulfill({ status: 429, body: '{}' }), { times: 1 });
    await button(`Signed in as ${server.userName}`).click();
    await page.getByRole('menuitem', { name: 'Change password' }).click();
    const asked = dialog('Change your password');
    await asked.getByLabel('Present password').fill(password);
    await asked.getByLabel('New password').fill(changed);
    await asked.getByLabel('The same again').fill(changed);
    await asked.getByRole('button', { name: 'Change password' }).click();
    await page.getByText('Your session has ended.', { exact: false }).waitFor();
    password = changed;
    await signIn(password);
    await heading('Access keys').first().waitFor();
  });

  it('can be read on a narrow screen, and in the dark', async () => {
    await page.setViewportSize({ width: 375, height: 740 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`${server.origin}/console/projects`);
    await page.getByRole('link', { name: project, exact: true }).click();
    await heading('Quiet time').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    await lookForBarriers();
    const headingColour = await page.evaluate<string>("getComputedStyle(document.querySelector('h1')).color");
    expect(Number(headingColour.match(/\d+/)?.[0])).toBeGreaterThan(200);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('deletes the project only when its name is typed', async () => {
    await button('Delete project').click();
    const name = page.getByLabel('Name of the project');
    await name.fill('spring shop');
    expect(await button('Delete').isDisabled()).toBe(true);
    await lookForBarriers();
    await name.fill(project);
    await button('Delete').click();
    await notice(`Project ${project} deleted`).waitFor();
    await heading('No projects in us-east-1').waitFor();
  });

  it('goes back to sign-in when the session comes to its end, and on from there', async () => {
    await page.goto(`${server.origin}/console/users`);
    await heading('Users').first().waitFor();
    await page.evaluate(`{
      const stored = JSON.parse(sessionStorage.getItem('repoint.session'));
      sessionStorage.setItem('repoint.session', JSON.stringify({ ...stored, Expiration: '2020-01-01T00:00:00.000Z' }));
    }`);
    await page.reload();
    await page.getByText('Your session has ended.', { exact: false }).waitFor();
    await lookForBarriers();
    await signIn(password);
    await page.waitForURL('**/console/users');
  });

  it('signs out and forgets the credentials', async () => {
    await button(`Signed in as ${server.userName}`).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/console/sign-in');
    const kept = await page.evaluate('JSON.stringify({ ...sessionStorage, ...localStorage })');
    expect(kept).not.toMatch(/Secret|Token/);
    await page.goto(`${server.origin}/console/projects`);
    await page.waitForURL('**/console/sign-in');
  });

  it('kept nobody out on any of these pages', () => {
    expect([...new Set(barriers)]).toEqual([]);
  });

  it('did all that without an error, against its own policy, or with another host', () => {
    expect(watched.faults).toEqual([]);
    expect(watched.foreign).toEqual([]);
  });
});
