/** The console's files under /console/, with the headers that keep everything foreign out of the page. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

const prefix = '/console';

/**
 * Scripts, styles, fonts and calls come from this server alone. Nothing inline: the design system sets styles through
 * the style object of elements, which the policy allows, and never through style elements or attributes.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'permissions-policy':
    'camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Names in assets/ carry a hash of their content. Said of files that are there only, never of a refusal. */
const keepForGood = { cacheControl: true, maxAge: '1y', immutable: true };
/** Kept, but asked about each time: a new build is seen at once. */
const askEachTime = 'no-cache';

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Repoint</title>
<h1>The console is not built</h1>
<p>The API answers. To have the console too, run <code>npm ci</code> and <code>npm start</code> in the folder of Repoint,
or <code>node scripts/build-console.ts</code> while the server runs.</p>
</html>
`;

/**
 * Serves the built console of `directory`: /console/ and every page below it, its assets, and a redirect from `/`.
 * Without a build, a page says how to make one; a build made later is served without a restart.
 */
export function addConsoleRoutes(server: FastifyInstance, directory: string): void {
  for (const url of ['/', prefix]) {
    server.route({ method: ['GET', 'HEAD'], url, handler: (_request, reply) => reply.redirect(`${prefix}/`, 302) });
  }
  server.register(
    (scope, _options, done) => {
      addFiles(scope, directory);
      done();
    },
    { prefix },
  );
}

function addFiles(scope: FastifyInstance, directory: string): void {
  scope.register(fastifyStatic, {
    root: directory,
    serve: false,
    suppressWarning: true,
    preCompressed: true,
    dotfiles: 'ignore',
    cacheControl: false,
  });
  scope.addHook('onSend', (_request, reply, _payload, done) => {
    reply.headers(securityHeaders);
    done();
  });
  scope.setNotFoundHandler((_request, reply) => refuse(reply));
  scope.setErrorHandler((error, _request, reply) => {
    if (!isForbiddenPath(error)) throw error;
    return refuse(reply);
  });
  scope.route({
    method: ['GET', 'HEAD'],
    url: '/assets/*',
    handler: (request, reply) => {
      const { '*': name } = request.params as { '*': string };
      return reply.sendFile(`assets/${name}`, keepForGood);
    },
  });
  scope.route({ method: ['GET', 'HEAD'], url: '/*', handler: (_request, reply) => sendIndex(reply, directory) });
}

/** Every address below /console/ is a page of the console, which knows itself what it is. */
function sendIndex(reply: FastifyReply, directory: string): FastifyReply {
  reply.header('cache-control', askEachTime);
  if (existsSync(join(directory, 'index.html'))) return reply.sendFile('index.html');
  return reply.code(503).type('text/html; charset=utf-8').send(notBuilt);
}

/** A path that tries to leave the directory is answered like one that leads nowhere. */
function isForbiddenPath(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FST_STATIC_FORBIDDEN_PATH';
}

function refuse(reply: FastifyReply): FastifyReply {
  reply.code(404).header('cache-control', askEachTime).type('text/plain; charset=utf-8');
  return reply.send('There is no such file.\n');
}
