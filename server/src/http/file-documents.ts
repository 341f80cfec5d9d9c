/** Files as answers: attachments in any case, so that no browser ever shows one as a page of this server. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FileDocument } from '../operations/file-document.ts';

/** The reply ends with the file, or is cut off where the store failed: its length was announced. */
export function beginFile(reply: FastifyReply, file: FileDocument): FastifyReply {
  const ended = new AbortController();
  reply.raw.once('close', () => ended.abort());
  reply.headers({
    'content-type': 'application/octet-stream',
    'content-length': file.bytes,
    'content-disposition': `attachment; filename*=UTF-8''${encodeName(file.name)}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'no-store',
  });
  return reply.send(Readable.from(file.open(ended.signal)));
}

/** RFC 8187. */
function encodeName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
