/**
 * The work of an administrator in a real browser: a policy whose fault is shown at its place, tried and attached; the audit
 * log with its filters; the health of the server; a background job that gave up, tried again. axe looks at each page.
 */
import { CreateAppCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { defineJob, enqueue } from '../../src/jobs/index.ts';
import { callApi } from '../support/repoint-api.ts';
import { asOneStory, eventually, openConsole } from './console-page.ts';

const shown = await openConsole({
  refusals: [
    ...['/repoint/v1/policy-simulations', '/repoint/v1/policies/support', '/repoint/v1/policies'],
    ...['/repoint/v1/health', '/repoint/v1/background-jobs'],
  ],
});
const { server, page, button, heading, link, main, row, dialog, visit, choose, lookForBarriers } = shown;
const { query } = server.database;
const api = (call: string, body?: unknown) => callApi(server, call, body === undefined ? {} : { body });

const documentField = () => page.getByLabel('Document', { exact: true });
/** Lines of the navigation at the side; the way to the page, above it, is a navigation too. */
const lines = (name: string) =>
  page
    .getByRole('navigation')
    .filter({ has: link('Erasure receipts') })
    .getByRole('link', { name, exact: true });
const readText = async (name: string) =>
  (await documentField().inputValue()).split('\n').find((line) => line.includes(name));
const document = (effect: string) =>
  JSON.stringify(
    { Version: '2012-10-17', Statement: [{ Effect: effect, Action: 'mobiletargeting:Get*', Resource: '*' }] },
    null,
    2,
  );

describe('administration in the console', { timeout: 60_000 }, () => {
  asOneStory();

  it('lists ready-made policies, and says what somebody may do and why', async () => {
    await api('POST /repoint/v1/users', { UserName: 'sam', Policies: ['sender'] });
    await shown.signIn('/policies');
    await row(/privacy-officer Ready-made/).waitFor();
    await page.getByLabel('User name').fill('sam');
    await page.getByText('Allow: statement 1 of sender').waitFor();
    await page.getByLabel('Action').fill('mobiletargeting:DeleteApp');
    await page.getByText('Not allowed: no statement allows it').waitFor();
    await page.getByLabel('User name').fill('nobody');
    await page.getByText('Not found', { exact: true }).waitFor();
    await page.getByLabel('User name').fill('ada');
    await page.getByText('Allow: statement 1 of administrator').waitFor();
    await lookForBarriers();
  });

  it('copies one, and shows where a document is no JSON and where it is no policy', async () => {
    await link('read-only').click();
    await page.getByText('Comes with the server', { exact: false }).waitFor();
    await lookForBarriers();
    await link('Copy').click();
    await eventually(() => readText('mobiletargeting:List*')).toContain('mobiletargeting:List*');
    await page.getByLabel('Policy name').fill('support');
    await documentField().fill(document('Allow').replace('"Resource"', 'Resource'));
    await page.getByText('Line 7: Here a name in quotes is expected.').waitFor();
    expect(await button('Create policy').isDisabled()).toBe(true);
    await documentField().fill(document('Perhaps'));
    await page.getByText('Line 5: must be Allow or Deny').waitFor();
    await page.getByRole('region', { name: 'Where it is' }).getByText('"Effect": "Perhaps"').waitFor();
    await button('Go to line 5').click();
    expect(await page.evaluate('getSelection().toString()')).toBe('"Perhaps"');
    await lookForBarriers();
  });

  it('tries the document on a request, and saves it', async () => {
    await documentField().fill(document('Allow'));
    await page.getByText('Allow: statement 1 of this document').waitFor();
    await page.getByLabel('Action').fill('mobiletargeting:SendMessages');
    await page.getByText('Not allowed: no statement allows it').waitFor();
    await button('Create policy').click();
    await heading('support').waitFor();
    const { body } = await api('GET /repoint/v1/policies/support');
    expect(body.Document).toEqual(JSON.parse(document('Allow')));
  });

  it('attaches it to a user, who may then do what it says, and detaches it', async () => {
    await page.getByRole('radio', { name: 'Select sam' }).check({ force: true });
    await button('Attach').click();
    await row(/sam Attached sender, support/).waitFor();
    const allowed = { UserName: 'sam', Action: 'mobiletargeting:GetEventStream', Resource: '*' };
    expect((await api('POST /repoint/v1/policy-simulations', allowed)).body).toMatchObject({ Decision: 'ALLOWED' });
    await lookForBarriers();
    await link('Edit').click();
    await documentField().fill(document('Deny'));
    await button('Save policy').click();
    await page.getByText('Policy support saved', { exact: true }).waitFor();
    expect((await api('POST /repoint/v1/policy-simulations', allowed)).body.Decision).toBe('EXPLICIT_DENY');
  });

  it('deletes it once nobody has it and its name is typed', async () => {
    await button('Delete').click();
    await dialog('Delete policy').getByLabel('Name of the policy').fill('support');
    await dialog('Delete policy').getByRole('button', { name: 'Delete', exact: true }).click();
    await dialog('Delete policy').getByText('detach it first', { exact: false }).waitFor();
    await dialog('Delete policy').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('radio', { name: 'Select sam' }).check({ force: true });
    await button('Detach').click();
    await row(/sam Not attached sender/).waitFor();
    await button('Delete').click();
    await dialog('Delete policy').getByLabel('Name of the policy').fill('support');
    await dialog('Delete policy').getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('Policy support deleted', { exact: true }).waitFor();
  });

  it('asks before it takes a policy from oneself', async () => {
    await visit('/policies/administrator', 'administrator');
    await page.getByRole('radio', { name: 'Select ada' }).check({ force: true });
    await button('Detach').click();
    await dialog('Detach administrator from yourself').getByText('You are ada.', { exact: false }).waitFor();
    await dialog('Detach administrator from yourself').getByRole('button', { name: 'Cancel' }).click();
    await row(/ada Attached/).waitFor();
  });

  it('shows the audit log page by page, by user, operation, outcome and time', async () => {
    for (let count = 0; count < 25; count += 1) {
      await shown.client.send(new CreateAppCommand({ CreateApplicationRequest: { Name: `project ${count}` } }));
    }
    await visit('/audit-log', 'Audit log');
    await row(/CreateApp.* Succeeded administrator/)
      .first()
      .waitFor();
    expect(await main().getByRole('row').count()).toBe(21);
    await button('Next page').click();
    await row(/DeletePolicy.* Succeeded ada/).waitFor();
    await lookForBarriers();
    await choose('Outcome', 'Refused');
    await row(/DeletePolicy.* Refused: ConflictException/).waitFor();
    expect(await row(/Succeeded/).count()).toBe(0);
    await choose('Outcome', 'Every outcome');
    await page.getByRole('searchbox', { name: 'Whole user name' }).fill('ada');
    await page.getByRole('searchbox', { name: 'Operation' }).fill('AttachUserPolicy');
    await eventually(() => main().getByRole('row').count()).toBe(2);
    await page.reload();
    await button(/^AttachUserPolicy/).click();
    await dialog('AttachUserPolicy').getByText('policies/support', { exact: false }).first().waitFor();
    await lookForBarriers();
    await dialog('AttachUserPolicy').getByRole('button', { name: 'Close' }).click();
    await choose('Period', 'Between two days');
    await page.getByLabel('Last day', { exact: true }).fill('2020/01/01');
    await heading('Nothing fits').waitFor();
  });

  it('counts the calls of the data plane', async () => {
    await visit('/audit-log?tab=calls', 'Audit log');
    await heading('Calls').waitFor();
    await lookForBarriers();
  });

  it('tells how the server is', async () => {
    await visit('/health', 'Health');
    await page.getByText('1 process(es) on 1 node(s)', { exact: true }).waitFor();
    await row(/api, worker, scheduler/).waitFor();
    await row(/accounts\/sweep/).waitFor();
    await lookForBarriers();
  });

  it('shows a job that gave up and why, and runs it again', async () => {
    const stray = defineJob('test/stray', () => ({}));
    await enqueue(query, stray, {}, { attempts: 2 });
    await sql`
      update graphile_worker._private_jobs set attempts = 2, last_error = 'PostgresError 23505'
      where task_id = (select id from graphile_worker._private_tasks where identifier = 'test/stray')`.execute(query);
    await visit('/health', 'Health');
    await page.getByText('1 background job(s) were tried as often as they may be', { exact: false }).waitFor();
    await link('Background jobs').last().click();
    await row(/test\/stray.*Failed for good PostgresError 23505 2 of 2/).waitFor();
    await choose('State', 'Failed for good');
    await page.getByRole('radio', { name: /^Select test\/stray/ }).check({ force: true });
    await lookForBarriers();
    await button('Run now').click();
    await page.getByText(/^Job \d+ \(test\/stray\) runs now/).waitFor();
    await heading('No job fits').waitFor();
    await choose('State', 'Every state');
    // Nobody in this server handles it: it waits.
    await row(/test\/stray.*Waiting/).waitFor();
  });

  it.each([
    ['/policies', 'What may somebody do?'],
    ['/new-policy', 'Try it'],
    ['/audit-log?period=all', 'Changes'],
    ['/health', 'Processes'],
    ['/background-jobs', 'Jobs'],
  ])('can be read on a phone and in the dark: %s', async (path, title) => {
    await page.setViewportSize({ width: 375, height: 740 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await visit(path, title);
    await eventually(() => page.evaluate('document.documentElement.scrollWidth <= 375')).toBe(true);
    await lookForBarriers();
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('offers what is of the whole server to a session that began before the server told who operates it', async () => {
    await page.evaluate(`{
      const { Operates, ...before } = JSON.parse(sessionStorage.getItem('repoint.session'));
      if (Operates !== true) throw new Error('the first account operates');
      sessionStorage.setItem('repoint.session', JSON.stringify(before));
    }`);
    await page.reload();
    await lines('Audit log').waitFor();
    expect([await lines('Health').count(), await lines('Background jobs').count()]).toEqual([1, 1]);
  });

  it('does not offer it to another account, whose people are told so at its address', async () => {
    const other = await server.addAccount();
    const operator = { UserName: 'olaf', Password: 'correct horse battery', Policies: ['administrator'] };
    await callApi(server, 'POST /repoint/v1/users', { credentials: other, body: operator });
    await button('Signed in as ada').click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('User name').fill(operator.UserName);
    await page.getByLabel('Password').fill(operator.Password);
    await page.getByLabel('Account ID').fill(other.accountId);
    await button('Sign in').click();
    await lines('Audit log').waitFor();
    for (const [path, title] of [
      ['/health', 'Health'],
      ['/background-jobs', 'Background jobs'],
    ] as const) {
      expect(await lines(title).count()).toBe(0);
      await visit(path, title);
      await page.getByText('only its first account may ask', { exact: false }).first().waitFor();
      await lookForBarriers();
    }
    await page.reload();
    await lines('Audit log').waitFor();
    expect([await lines('Health').count(), await lines('Background jobs').count()]).toEqual([0, 0]);
  });

  it('kept nobody out, made no error, kept its own policy and asked no other host', () => {
    expect([...new Set(shown.barriers)]).toEqual([]);
    expect(shown.watched).toMatchObject({ faults: [], foreign: [] });
  });
});
