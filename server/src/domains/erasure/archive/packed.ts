/** A tar that is made while it is read, compressed: whoever stops reading ends the work. */
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { type Pack, pack } from 'tar-stream';

/** @param ended told what the work came to, once all of it was written */
export function packed<Result>(work: (tar: Pack) => Promise<Result>, ended: (result: Result) => void): Readable {
  const tar = pack();
  const content = Readable.from(tar);
  const gzip = createGzip({ level: 6 });
  const writing = work(tar).then(
    (result) => {
      ended(result);
      tar.finalize();
    },
    (error: Error) => {
      tar.destroy(error);
    },
  );
  content.on('error', (error) => gzip.destroy(error));
  // A store may take its time before it reads. Whoever comes later is told as well, of what failed until then.
  gzip.on('error', () => undefined);
  gzip.on('close', () => {
    content.destroy();
    tar.destroy();
    void writing;
  });
  return content.pipe(gzip);
}

/** Resolves when whoever reads the archive has taken it. */
export function addFile(tar: Pack, name: string, text: string): Promise<void> {
  const content = Buffer.from(text);
  return new Promise((resolve, reject) => {
    const entry = tar.entry({ name, size: content.length }, (error) => (error ? reject(error) : resolve()));
    entry.end(content);
  });
}
