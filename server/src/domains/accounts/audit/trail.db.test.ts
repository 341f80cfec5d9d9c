/** The audit trail under a flood: refusals cost an attacker nothing, and must not fill the disk. */
import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { openTestDatabase } from '../../../../tests/support/test-database.ts';
import type { AuditRecord } from '../../../operations/audit-record.ts';
import { listCounts, listEntries } from './store.ts';
import { AuditTrail } from './trail.ts';

const { database, logger } = await openTestDatabase();
const accountId = '123456789012';
const filter = { accountId, from: undefined, until: undefined, operation: undefined };
const start = new Date('2026-11-25T10:00:00Z');

function refusal(changes: Partial<AuditRecord> = {}, accessKeyId = 'AKIAAPP'): AuditRecord {
  return {
    requestId: 'request',
    time: start,
    operation: 'GetApp',
    caller: {
      ...{ accountId, userName: 'app', arn: '', accessKeyId, kind: 'access key' },
      ...{ sourceAddress: '192.0.2.1', secureTransport: true },
    },
    region: 'us-east-1',
    projectId: undefined,
    resource: '*',
    status: 403,
    errorCode: 'ForbiddenException',
    ...changes,
  };
}

it('takes sixty refusals of a key within a minute, counts the others, and takes every change', async () => {
  const trail = new AuditTrail({ database, identityKey: randomBytes(32), logger });
  for (let count = 0; count < 100; count += 1) await trail.record(refusal());
  await trail.record(refusal({}, 'AKIAOTHER'));
  await trail.record(refusal({ time: new Date(start.getTime() + 60_000) }));
  await trail.record(refusal({ operation: 'CreateApp', status: 201, errorCode: undefined }));
  await trail.drain();

  const entries = await listEntries(
    database.query,
    { ...filter, userName: undefined, projectId: undefined, outcome: undefined },
    undefined,
    1000,
  );
  const ofKey = (key: string) => entries.filter(({ accessKeyId }) => accessKeyId === key);
  expect(ofKey('AKIAAPP').filter(({ status }) => status === 403)).toHaveLength(61);
  expect(ofKey('AKIAAPP').filter(({ operation }) => operation === 'CreateApp')).toHaveLength(1);
  expect(ofKey('AKIAOTHER')).toHaveLength(1);
  const counts = await listCounts(database.query, filter, undefined, 1000);
  expect(counts).toMatchObject([{ accessKeyId: 'AKIAAPP', operation: 'GetApp', statusClass: '4xx', count: 40 }]);
});
