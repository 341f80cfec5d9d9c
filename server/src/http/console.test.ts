/** The console's files as a browser gets them: caching, policy, pages below /console/, and what is not there. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BodyReader } from './body.ts';
import { addConsoleRoutes } from './console.ts';
import { createHttpServer } from './server.ts';

const index = '<!doctype html><title>Console</title>';
const script = 'console.log("console");';

let parent: string;
let directory: string;
let server: FastifyInstance;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'repoint-console-'));
  directory = join(parent, 'dist');
  writeFileSync(join(parent, 'secret.txt'), 'outside');
  server = createHttpServer({
    trustedProxies: [],
    bodyReader: new BodyReader(),
    answer: async () => ({ status: 200, body: undefined }),
  });
  addConsoleRoutes(server, directory);
});

afterEach(async () => {
  await server.close();
  rmSync(parent, { recursive: true });
});

function build(): void {
  mkdirSync(join(directory, 'assets'), { recursive: true });
  writeFileSync(join(directory, 'index.html'), index);
  writeFileSync(join(directory, '.sources'), 'digest');
  writeFileSync(join(directory, 'assets/main-abc123.js'), script);
  writeFileSync(join(directory, 'assets/main-abc123.js.br'), brotliCompressSync(script));
  writeFileSync(join(directory, 'assets/main-abc123.js.gz'), gzipSync(script));
}

const get = (url: string, headers: Record<string, string> = {}) => server.inject({ method: 'GET', url, headers });

describe('a built console', () => {
  beforeEach(build);

  it.each(['/', '/console'])('is where %s leads', async (url) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(302);
    expect(answer.headers.location).toBe('/console/');
  });

  it.each(['/console/', '/console/projects', '/console/projects/a%2Fb', '/console/assets'])(
    'answers its page for %s',
    async (url) => {
      const answer = await get(url);
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toMatch(/^text\/html/);
      expect(answer.headers['cache-control']).toBe('no-cache');
      expect(answer.body).toBe(index);
    },
  );

  it('lets assets be kept for good, and sends them compressed', async () => {
    const answer = await get('/console/assets/main-abc123.js', { 'accept-encoding': 'gzip, br' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toMatch(/javascript/);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(answer.rawPayload).toString()).toBe(script);
    const plain = await get('/console/assets/main-abc123.js', { 'accept-encoding': 'identity' });
    expect(plain.body).toBe(script);
  });

  it.each(['/console/', '/console/assets/main-abc123.js', '/console/assets/missing.js'])(
    'keeps everything foreign out of %s',
    async (url) => {
      const { headers } = await get(url);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['permissions-policy']).toContain('camera=()');
    },
  );

  it.each([
    '/console/assets/missing.js',
    '/console/assets/',
    '/console/assets/.sources',
    '/console/assets/../../secret.txt',
    '/console/assets/..%2f..%2fsecret.txt',
    '/console/assets/%2e%2e/%2e%2e/secret.txt',
    '/console/assets/..%5c..%5csecret.txt',
  ])('answers 404 and no file for %s', async (url) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(404);
    expect(answer.body).not.toMatch(/outside|digest/);
    expect(answer.headers['cache-control'] ?? '').not.toContain('immutable');
  });

  it('says that a missing asset is missing, in plain text', async () => {
    const answer = await get('/console/assets/missing.js');
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(answer.body).toBe('There is no such file.\n');
  });

  it('leaves unknown paths elsewhere to the API', async () => {
    const answer = await get('/other');
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ Message: 'Resource not found' });
  });
});

describe('without a build', () => {
  it('says how to make one, and serves it once it is there', async () => {
    const answer = await get('/console/projects');
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['content-type']).toMatch(/^text\/html/);
    expect(answer.body).toContain('npm start');
    expect((await get('/console/assets/main-abc123.js')).statusCode).toBe(404);
    build();
    expect((await get('/console/projects')).body).toBe(index);
  });
});
