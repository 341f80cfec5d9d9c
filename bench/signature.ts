/** The cost of checking one signature, in a tight loop with a warm key. */
import { createSignatureVerifier } from '../server/src/http/signature/verifier.ts';
import { systemClock } from '../server/src/kernel/clock.ts';
import { signedGet } from './signing.ts';
import type { Row } from './table.ts';

const rounds = 5;
const checks = 40_000;

export async function benchSignature(): Promise<Row[]> {
  const accessKeyId = 'AKIABENCHBENCHBENCH0';
  const secretAccessKey = 'bench'.repeat(8);
  const request = signedGet({ port: 7100, accessKeyId, secretAccessKey }, `/v1/apps/${'5f0c'.repeat(8)}`);
  const verifier = createSignatureVerifier({
    findCredential: (id) => (id === accessKeyId ? { secretAccessKey, sessionTokenHash: undefined } : undefined),
    clock: systemClock,
  });
  const rawHeaders = ['host', '127.0.0.1:7100', ...Object.entries(request.headers).flat()];
  const incoming = {
    method: 'GET',
    rawPath: new URL(request.url).pathname,
    rawQuery: '',
    rawHeaders,
    body: Buffer.alloc(0),
  };
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    for (let check = 0; check < checks; check += 1) await verifier.verify(incoming, ['mobiletargeting']);
    best = Math.min(best, ((performance.now() - begun) * 1000) / checks);
  }
  return [{ workload: 'one signature check, warm key', figure: `${best.toFixed(1)} µs`, aim: '< 15 µs' }];
}
