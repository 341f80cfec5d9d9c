/** A real Chromium for browser tests, with a watch over what a page must never do. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../../scripts/chromium.ts';

/** No sandbox: tests run as root too. The rest keeps the browser from calling anybody by itself. */
const launchArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('Chromium is missing: `npm test` installs it or says how.');
  return chromium.launch({ executablePath, args: launchArguments });
}

export interface WatchedPage {
  readonly page: Page;
  /** Errors in the browser's console, uncaught exceptions and violations of the content security policy. */
  readonly faults: string[];
  /** Addresses on other hosts that the page asked for. */
  readonly foreign: string[];
}

/** The design system draws bars while a chart that becomes narrow is narrower than their gaps, and then anew. */
const narrowBar = /<rect> attribute width: A negative value is not valid/;

/**
 * Opens a page of the server at `origin`. `refusals` are ends of paths whose 4xx answers are part of the story: the browser
 * reports each as a console error.
 */
export async function openWatchedPage(
  context: BrowserContext,
  origin: string,
  refusals: readonly string[] = [],
): Promise<WatchedPage> {
  const page = await context.newPage();
  const faults: string[] = [];
  const foreign: string[] = [];
  page.setDefaultTimeout(10_000);
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' || narrowBar.test(message.text())) return;
    const { pathname } = new URL(message.location().url || origin);
    const expected = /status of 4\d\d/.test(message.text()) && refusals.some((end) => pathname.endsWith(end));
    if (!expected) faults.push(`console: ${message.text()} (${pathname})`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !['data:', 'blob:'].includes(url.protocol)) foreign.push(url.href);
  });
  await page.addInitScript({
    content: `document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error('violation of the content security policy: ' + violatedDirective + ' ' + blockedURI);
    });`,
  });
  return { page, faults, foreign };
}
