/** The engine of erasure on a database of its own, without a server around it: for tests of what goes wrong inside. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { locationsOf } from '../../src/app/inventory.ts';
import type { Database, FileLocation, Location } from '../../src/database/index.ts';
import { Audience, endpointKey, readChange } from '../../src/domains/audience/index.ts';
import { readIdentities } from '../../src/domains/erasure/identities/identity.ts';
import { type ErasureHook, type ErasureParts, erasureParts } from '../../src/domains/erasure/index.ts';
import type { RequestKey } from '../../src/domains/erasure/requests/request.ts';
import { sealIdentities } from '../../src/domains/erasure/requests/seal.ts';
import { insertRequest } from '../../src/domains/erasure/requests/store.ts';
import { IdempotentCalls } from '../../src/domains/messaging/direct/idempotent-calls.ts';
import { OneTimePasswords } from '../../src/domains/messaging/otp/passwords.ts';
import { AddressHashes } from '../../src/domains/messaging/sends/send.ts';
import { migrateJobs } from '../../src/jobs/index.ts';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Logger } from '../../src/kernel/logger.ts';
import { MasterKey } from '../../src/kernel/master-key.ts';
import { openObjectStore } from '../../src/object-store/index.ts';
import type { TestDatabase } from './test-database.ts';

export function testLocations(database: Database, logger: Logger, audience?: Audience) {
  const key = Buffer.alloc(32);
  return locationsOf({
    database,
    clock: systemClock,
    objectStore: openObjectStore({
      objectStore: 'local',
      dataDirectory: '/nowhere',
      s3: { endpoint: undefined, region: '' },
    }),
    audience: audience ?? new Audience({ database, tombstoneKey: key }),
    messaging: {
      hashes: new AddressHashes(key),
      passwords: new OneTimePasswords(key),
      idempotentCalls: new IdempotentCalls(database.query, key, logger),
    },
  });
}

export interface TestEngine {
  readonly parts: ErasureParts;
  /** With places that a test adds. */
  with(more: {
    rows?: readonly Location[];
    files?: readonly FileLocation[];
    clock?: Clock;
    hooks?: readonly ErasureHook[];
  }): ErasureParts;
  newProject(): Promise<{ readonly projectNumber: number; readonly accountId: string }>;
  /** Endpoints of these ids, each with a user and an address of its own. */
  write(projectNumber: number, ids: readonly string[]): Promise<void>;
  /** Of a request for these endpoints, as CreateErasureRequest stores it. */
  request(
    project: { readonly projectNumber: number; readonly accountId: string },
    ids: readonly string[],
    mode?: 'ERASE' | 'ERASE_AND_SUPPRESS',
  ): Promise<RequestKey>;
}

export async function openEngine({ database, connection, logger }: TestDatabase): Promise<TestEngine> {
  await migrateJobs({ connection, logger });
  const audience = new Audience({ database, tombstoneKey: Buffer.alloc(32) });
  const locations = testLocations(database, logger, audience);
  const masterKey = new MasterKey(randomBytes(32));
  const hashes = new AddressHashes(Buffer.alloc(32));
  const parts = erasureParts({
    ...{ database, clock: systemClock, logger, masterKey, audience, hashes, locations },
    databaseServer: 'embedded',
  });
  return {
    parts,
    with: ({ rows = [], files = [], ...others }) => ({
      ...{ ...parts, ...others },
      locations: { rows: [...locations.rows, ...rows], files },
    }),
    async newProject() {
      const accountId = String(Math.floor(Math.random() * 1e12)).padStart(12, '0');
      await sql`insert into accounts (account_id, name, created_at) values (${accountId}, 'test', now())`.execute(
        database.query,
      );
      const { rows } = await sql<{ number: number }>`
        insert into projects (account_id, region, id, name, created_at)
        values (${accountId}, 'us-east-1', ${newId()}, 'test', now()) returning number`.execute(database.query);
      return { projectNumber: rows[0]?.number as number, accountId };
    },
    async write(projectNumber, ids) {
      for (let from = 0; from < ids.length; from += 100) {
        await audience.write(
          ids.slice(from, from + 100).map((id) => ({
            ...{ key: endpointKey(projectNumber, id), endpointId: id, applicationId: 'test' },
            change: readChange({ ChannelType: 'EMAIL', Address: `${id}@example.com`, User: { UserId: `user-${id}` } }),
            ...{ now: new Date(), requestId: newId() },
          })),
        );
      }
    },
    async request({ projectNumber, accountId }, ids, mode = 'ERASE') {
      const key = { projectNumber, id: newId() };
      const identities = readIdentities(
        ids.map((Value) => ({ Type: 'ENDPOINT_ID', Value })),
        10_000,
      );
      const now = new Date();
      await database.transaction((tx) =>
        insertRequest(tx, {
          ...{ ...key, accountId, callerId: key.id, requestHash: Buffer.alloc(0), origin: 'API', mode },
          ...{ state: 'VERIFIED', createdAt: now, dueAt: now, identityHashes: [], identityTypes: {} },
          sealedIdentities: sealIdentities(parts.sealKey, key, identities),
          ...{ endpoints: 0, users: 0, addresses: 0, version: 'test' },
        }),
      );
      return key;
    },
  };
}
