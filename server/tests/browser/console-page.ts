/** The console as a story uses it: a server, a browser, one watched page, its elements by their names, and axe. */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { PinpointClient } from '@aws-sdk/client-pinpoint';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import { findBarriers } from './accessibility.ts';
import { launchBrowser, openWatchedPage, type WatchedPage } from './browser.ts';
import { type ConsoleServer, startConsoleServer } from './console-server.ts';

export interface ConsolePageOptions {
  /** Of the server. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends of paths whose 4xx answers are part of the story. */
  readonly refusals?: readonly string[];
}

export interface ConsolePage extends ConsoleServer {
  readonly client: PinpointClient;
  readonly context: BrowserContext;
  readonly watched: WatchedPage;
  readonly page: Page;
  /** What axe found on the pages it looked at. */
  readonly barriers: string[];
  button(name: string | RegExp): Locator;
  heading(name: string): Locator;
  link(name: string | RegExp): Locator;
  dialog(name: string): Locator;
  main(): Locator;
  /** A row of a table that has this text in it. */
  row(text: string | RegExp): Locator;
  /** Loads the console at this path and signs in. */
  signIn(path: string): Promise<void>;
  /** As a link of the console leads there: without loading the page anew. */
  visit(path: string, title: string): Promise<void>;
  /** A choice of the design system: the button, then the option in the list that opens. */
  choose(label: string, option: string): Promise<void>;
  /** Asks axe about the page that is open; told at the end, all together. */
  lookForBarriers(): Promise<void>;
}

const patience = 30_000;

/** At the top of a file; all is closed after its tests. */
export async function openConsole({ environment, refusals = [] }: ConsolePageOptions = {}): Promise<ConsolePage> {
  execFileSync(process.execPath, [resolve(import.meta.dirname, '../../../scripts/build-console.ts')]);
  const server = await startConsoleServer(environment === undefined ? {} : { environment });
  const browser = await launchBrowser();
  afterAll(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
  const watched = await openWatchedPage(context, server.origin, refusals);
  const { page } = watched;
  page.setDefaultTimeout(patience);
  const barriers: string[] = [];
  const byRole = (role: 'button' | 'heading' | 'link' | 'dialog') => (name: string | RegExp) =>
    page.getByRole(role, { name, exact: true });
  const main = () => page.getByRole('main');
  const heading = byRole('heading');
  return {
    ...server,
    ...{ client: server.server.client(), context, watched, page, barriers, main, heading },
    ...{ button: byRole('button'), link: byRole('link'), dialog: byRole('dialog') },
    row: (text) => main().getByRole('row', { name: text }),
    async signIn(path) {
      await page.goto(`${server.origin}/console${path}`);
      await page.getByLabel('User name').fill(server.userName);
      await page.getByLabel('Password').fill(server.password);
      await byRole('button')('Sign in').click();
    },
    async visit(path, title) {
      await page.evaluate(`{
        history.pushState(null, '', ${JSON.stringify(`/console${path}`)});
        dispatchEvent(new PopStateEvent('popstate', { state: null }));
      }`);
      await heading(title).first().waitFor();
    },
    async choose(label, option) {
      const named = new RegExp(`^${label}`);
      const wanted = page.getByRole('option', { name: option }).first();
      await page.getByRole('button', { name: named }).first().click();
      // A list that is drawn anew under the click swallows it, and stays open.
      for (let tries = 1; tries === 1 || (await wanted.isVisible()); tries += 1) {
        await wanted.click();
        await wanted.waitFor({ state: 'hidden', timeout: 2_000 }).catch(() => undefined);
        if (tries === 5) throw new Error(`“${option}” cannot be chosen as ${label}.`);
      }
    },
    async lookForBarriers() {
      const { pathname } = new URL(page.url());
      for (const barrier of await findBarriers(page)) barriers.push(`${pathname}: ${barrier}`);
    },
  };
}

/** Looks again and again: quickly, and for as long as a busy machine may take. */
export const eventually = (read: () => Promise<unknown>) => expect.poll(read, { timeout: patience, interval: 50 });

/** In a `describe` of one story on one page: after a step that failed, the later ones would only time out. */
export function asOneStory(): void {
  let broken = false;
  beforeEach(({ skip }) => skip(broken, 'an earlier step failed'));
  afterEach(({ task }) => {
    broken ||= task.result?.state === 'fail';
  });
}
