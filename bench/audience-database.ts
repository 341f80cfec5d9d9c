/** An embedded database with the real schema and a project in it, for what is measured below the HTTP server. */

import type { GeneratedEndpoint } from '../scripts/people/people.ts';
import {
  type Database,
  type DatabaseConnection,
  migrate,
  openDatabase,
  openEmbedded,
} from '../server/src/database/index.ts';
import { readChange } from '../server/src/domains/audience/change.ts';
import { endpointKey } from '../server/src/domains/audience/endpoint.ts';
import { IdentityHashes } from '../server/src/domains/audience/identities.ts';
import { RulesCache } from '../server/src/domains/audience/rules.ts';
import { Tombstones } from '../server/src/domains/audience/tombstones.ts';
import { type WriteUnit, writeBatch } from '../server/src/domains/audience/write.ts';
import { createLogger } from '../server/src/kernel/logger.ts';
import { temporaryDataDirectory } from './processes.ts';

export interface AudienceDatabase {
  readonly database: Database;
  readonly connection: DatabaseConnection;
  /** Through the one write path, in batches, on two connections. @returns rows a second */
  write(people: Iterable<GeneratedEndpoint>, batch: number): Promise<number>;
  close(): Promise<void>;
}

export const projectNumber = 1;

export async function openAudienceDatabase(): Promise<AudienceDatabase> {
  const data = temporaryDataDirectory();
  const logger = createLogger('error');
  const embedded = await openEmbedded({ dataDirectory: data.path, mode: 'serve', logger });
  const { connection } = embedded;
  await migrate({ connection, logger });
  const database = await openDatabase({ connection, logger });
  const parts = {
    rules: new RulesCache(),
    tombstones: new Tombstones(Buffer.alloc(32)),
    identities: new IdentityHashes(Buffer.alloc(32)),
  };
  return {
    database,
    connection,
    async write(people, batch) {
      const source = people[Symbol.iterator]();
      const begun = performance.now();
      const counts = await Promise.all([0, 1].map(() => writeAll(database, parts, source, batch)));
      return ((counts[0] as number) + (counts[1] as number)) / ((performance.now() - begun) / 1000);
    },
    async close() {
      await database.close();
      await embedded.close();
      data.remove();
    },
  };
}

async function writeAll(
  database: Database,
  parts: { readonly rules: RulesCache; readonly tombstones: Tombstones; readonly identities: IdentityHashes },
  source: Iterator<GeneratedEndpoint>,
  batch: number,
): Promise<number> {
  for (let written = 0; ; ) {
    const units = take(source, batch).map(toUnit);
    if (units.length === 0) return written;
    const outcomes = await writeBatch(database, parts, units);
    const refused = outcomes.find((outcome) => outcome !== 'written');
    if (refused !== undefined) throw new Error(`a generated endpoint was not written: ${refused}`);
    written += units.length;
  }
}

export function take<Item>(source: Iterator<Item>, count: number): Item[] {
  const taken: Item[] = [];
  while (taken.length < count) {
    const next = source.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}

function toUnit({ Id, ...request }: GeneratedEndpoint): WriteUnit {
  const write = {
    key: endpointKey(projectNumber, Id),
    endpointId: Id,
    applicationId: 'bench',
    change: readChange(request as Parameters<typeof readChange>[0]),
    now: new Date(),
    requestId: 'bench',
  };
  return { writes: [write] };
}
