/**
 * `npm run screenshots`: every page of the console as a picture, for people to look at: wide, dark, and as narrow as a
 * phone. A server of its own in a temporary folder, filled with made-up people; nothing of it is left behind.
 * `npm run screenshots -- segments` takes only pages whose name has that word in it.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startRepoint } from '../bench/processes.ts';
import { ensureChromium, findChromium } from './chromium.ts';
import { fillServer, person } from './screenshots/fill-server.ts';
import { pagesOf } from './screenshots/pages.ts';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'console/screenshots');
const wanted = process.argv[2] ?? '';

const looks = [
  { name: 'wide', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { name: 'dark', viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  { name: 'narrow', viewport: { width: 375, height: 740 }, colorScheme: 'light' },
] as const;

async function signIn(page: Page, origin: string): Promise<void> {
  await page.goto(origin);
  await page.getByLabel('User name').fill(person.UserName);
  await page.getByLabel('Password').fill(person.Password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'All projects' }).waitFor();
}

/** Pages ask the server several times; a picture is taken once nothing is asked any more and nothing turns. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(400);
}

async function takePictures(browser: Browser, origin: string, pages: ReadonlyMap<string, string>): Promise<number> {
  let taken = 0;
  for (const { name: look, viewport, colorScheme } of looks) {
    const context = await browser.newContext({ viewport, colorScheme, locale: 'en-GB', reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', ({ message }) => console.error(`${look}: ${page.url()}: ${message}`));
    await signIn(page, origin);
    for (const [name, path] of pages) {
      await page.goto(`${origin}/console${path}`);
      await settle(page);
      await page.screenshot({ path: join(folder, `${name}.${look}.png`), fullPage: true });
      taken += 1;
    }
    await context.close();
  }
  return taken;
}

async function main(): Promise<void> {
  if (!ensureChromium()) process.exit(1);
  execFileSync(process.execPath, [join(root, 'scripts/build-console.ts')], { stdio: 'inherit' });
  mkdirSync(folder, { recursive: true });
  const dataDirectory = mkdtempSync(join(tmpdir(), 'repoint-screenshots-'));
  const server = await startRepoint(dataDirectory, { REPOINT_LOG_LEVEL: 'error' });
  const origin = `http://127.0.0.1:${server.port}`;
  const credentials = { accessKeyId: server.accessKeyId, secretAccessKey: server.secretAccessKey };
  const browser = await chromium.launch({
    ...{ executablePath: findChromium() as string, args: ['--no-sandbox', '--disable-gpu'] },
  });
  try {
    const filled = await fillServer({ origin, administrator: credentials });
    const pages = new Map([...pagesOf(filled)].filter(([name]) => name.includes(wanted)));
    const taken = await takePictures(browser, origin, pages);
    console.log(`${taken} pictures of ${pages.size} pages in console/screenshots`);
  } finally {
    await browser.close();
    await server.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}

await main();
