/**
 * The console as somebody meets it: the first page of a browser that has nothing of it yet, and how soon the count of a
 * segment follows what is chosen, over REPOINT_BENCH_ENDPOINTS endpoints (a million).
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { sql } from 'kysely';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { ensureChromium, findChromium } from '../scripts/chromium.ts';
import { generatePeople } from '../scripts/people/people.ts';
import { type ApiServer, callApi } from '../server/tests/support/repoint-api.ts';
import { openAudienceDatabase } from './audience-database.ts';
import { createProject } from './http.ts';
import { startRepoint, temporaryDataDirectory } from './processes.ts';
import type { Row } from './table.ts';

const endpoints = Number(process.env['REPOINT_BENCH_ENDPOINTS'] ?? 1_000_000);
const visits = 7;
const questions = 15;
const person = { UserName: 'ada', Password: 'correct horse battery' };

export async function benchConsole(): Promise<Row[]> {
  if (!ensureChromium()) return [];
  execFileSync(process.execPath, [resolve(import.meta.dirname, '../scripts/build-console.ts')], { stdio: 'ignore' });
  const data = temporaryDataDirectory();
  const audience = await openAudienceDatabase();
  const server = await startRepoint(data.path, {
    REPOINT_DATABASE_URL: audience.connection.url,
    REPOINT_MASTER_KEY: randomBytes(32).toString('hex'),
  });
  const executablePath = findChromium() as string;
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const api = { origin: `http://127.0.0.1:${server.port}`, administrator: server };
    const projectId = await createProject(server);
    const pages = await measurePages(browser, api);
    await audience.write(generatePeople({ endpoints, now: new Date() }), 1_000);
    for (const table of ['endpoint_facets', 'endpoints']) {
      await sql`vacuum (analyze) ${sql.table(table)}`.execute(audience.database.query);
    }
    return [...pages, ...(await measureEstimates(api, projectId))];
  } finally {
    await browser.close();
    await server.stop();
    await audience.close();
    data.remove();
  }
}

async function measurePages(browser: Browser, api: ApiServer): Promise<Row[]> {
  await callApi(api, 'POST /repoint/v1/users', { body: { ...person, Policies: ['administrator'] } });
  const { body: session } = await callApi(api, 'POST /repoint/v1/sign-in', { credentials: null, body: person });
  const remembered = `sessionStorage.setItem('repoint.session', ${JSON.stringify(JSON.stringify(session))});`;
  // What any page costs: the browser, the connection, the first paint.
  const empty = await coldly(browser, { url: `${api.origin}/healthz`, selector: 'pre' });
  const signIn = await coldly(browser, { url: api.origin, selector: 'input[type=password]' });
  const projects = await coldly(browser, {
    ...{ url: `${api.origin}/console/projects`, selector: 'main table tbody a', script: remembered },
  });
  const row = (workload: string, { times, kilobytes }: Visits): Row => ({
    ...{ workload: `${workload}, cold cache, ${kilobytes} KB`, figure: `${middle(times)} ms`, aim: '< 1,500 ms' },
    latency: `${middle(times)} / ${Math.round(Math.max(...times))} ms`,
    ceiling: `an empty page ${middle(empty.times)} ms`,
  });
  return [row('console: sign-in can be typed into', signIn), row('console: projects are listed', projects)];
}

interface ColdVisit {
  readonly url: string;
  /** There as soon as the page is of use. */
  readonly selector: string;
  readonly script?: string;
}

interface Visits {
  /** Milliseconds from the address to the page that is of use. */
  readonly times: readonly number[];
  /** Over the wire. */
  readonly kilobytes: number;
}

/** A context of its own each time: neither cache nor connection of the visit before. */
async function coldly(browser: Browser, visit: ColdVisit): Promise<Visits> {
  const times: number[] = [];
  let bytes = 0;
  for (let count = 0; count < visits; count += 1) {
    const context = await browser.newContext({ locale: 'en-GB' });
    if (visit.script !== undefined) await context.addInitScript({ content: visit.script });
    try {
      const seen = await see(context, visit);
      times.push(seen.milliseconds);
      bytes = seen.bytes;
    } finally {
      await context.close();
    }
  }
  return { times, kilobytes: Math.round(bytes / 1024) };
}

async function see(context: BrowserContext, { url, selector }: ColdVisit) {
  const page = await context.newPage();
  const begun = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator(selector).first().waitFor();
  const milliseconds = performance.now() - begun;
  const bytes = await page.evaluate<number>(
    "performance.getEntriesByType('resource').reduce((sum, { transferSize }) => sum + transferSize, 0)",
  );
  return { milliseconds, bytes };
}

const criteria = [
  { name: 'everybody', request: {} },
  { name: 'one attribute', request: { Dimensions: { Attributes: { plan: { Values: ['gold'] } } } } },
  {
    name: 'attribute, platform, country',
    request: {
      Dimensions: {
        Attributes: { plan: { Values: ['gold', 'platinum'] } },
        Demographic: { Platform: { Values: ['ios'] } },
        Location: { Country: { Values: ['DE'] } },
      },
    },
  },
] as const;

async function measureEstimates(api: ApiServer, projectId: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, request } of criteria) {
    const times: number[] = [];
    let total = 0;
    for (let count = 0; count < questions; count += 1) {
      const begun = performance.now();
      const call = `POST /repoint/v1/apps/${projectId}/segments/estimate`;
      const { status, body } = await callApi(api, call, { body: request });
      times.push(performance.now() - begun);
      if (status !== 200) throw new Error(`EstimateSegment answered ${status}: ${body?.Message}`);
      total = body.Total;
    }
    rows.push({
      workload: `EstimateSegment, ${name} (${total.toLocaleString('en-US')} of ${endpoints.toLocaleString('en-US')})`,
      figure: `${middle(times)} ms`,
      latency: `${middle(times)} / ${Math.round(Math.max(...times))} ms`,
      aim: '≤ 300 ms',
    });
  }
  return rows;
}

function middle(times: readonly number[]): number {
  return Math.round(times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0);
}
