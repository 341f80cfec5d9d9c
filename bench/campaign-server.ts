/**
 * A server in this process with its embedded database, a project, and people written straight into the tables: for what a
 * campaign costs from its start to the last outcome.
 */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { createApp } from '../server/src/app.ts';
import { runServices, stopServices } from '../server/src/cli/services.ts';
import { type Database, migrate, openDatabase, openEmbedded } from '../server/src/database/index.ts';
import type { AnyDriverKind, ChannelType } from '../server/src/domains/channels/index.ts';
import { readConfiguration } from '../server/src/kernel/configuration.ts';
import { newId } from '../server/src/kernel/ids.ts';
import { createLogger } from '../server/src/kernel/logger.ts';
import { MasterKey } from '../server/src/kernel/master-key.ts';
import { temporaryDataDirectory } from './processes.ts';

export interface CampaignServer {
  readonly database: Database;
  readonly projectNumber: number;
  /** Starts the services: what is due begins. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface CampaignServerOptions {
  readonly people: number;
  readonly channelType: ChannelType;
  readonly environment?: Readonly<Record<string, string>>;
  readonly driverKinds?: readonly AnyDriverKind[];
}

/** Takes messages and keeps nothing of them. */
export const discard: AnyDriverKind = {
  // In the place of the outbox.
  kind: 'OUTBOX',
  channelTypes: ['EMAIL', 'GCM'],
  readSettings: () => ({}),
  show: () => ({}),
  open: () => ({
    limits: { batch: 500, concurrency: 4 },
    // As the outbox: what it is given has left with the claim.
    storage: {
      stage: ({ key }) => ({
        outcome: { status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'ok', messageId: key },
      }),
      writing: () => [],
    },
    async deliver(messages, report) {
      for (const message of messages) {
        report(message, { status: 'SUCCESSFUL', statusCode: 200, statusMessage: 'ok', messageId: message.key });
      }
    },
    async close() {},
  }),
};

export async function openCampaignServer(options: CampaignServerOptions): Promise<CampaignServer> {
  const data = temporaryDataDirectory();
  const logger = createLogger('warn');
  const embedded = await openEmbedded({ dataDirectory: data.path, mode: 'serve', logger });
  const { connection } = embedded;
  await migrate({ connection, logger });
  const database = await openDatabase({ connection, logger });
  const configuration = readConfiguration({
    ...{ REPOINT_PORT: '0', REPOINT_DATA_DIR: data.path, REPOINT_LOG_LEVEL: 'warn' },
    ...options.environment,
  });
  const projectNumber = await writeProject(database, options);
  const app = createApp({
    ...{ configuration, database, connection, logger, roles: configuration.roles, slot: 0 },
    ...{ masterKey: new MasterKey(randomBytes(32)), driverKinds: options.driverKinds ?? [] },
  });
  return {
    ...{ database, projectNumber },
    start: () => runServices(app.services),
    async stop() {
      await stopServices(app.services, logger);
      await database.close();
      await embedded.close();
      data.remove();
    },
  };
}

async function writeProject(database: Database, { people, channelType }: CampaignServerOptions): Promise<number> {
  const { query } = database;
  await sql`insert into accounts (account_id, name, created_at) values ('123456789012', 'bench', now())`.execute(query);
  const { rows } = await sql<{ number: number }>`
    insert into projects (account_id, region, id, name, created_at)
    values ('123456789012', 'us-east-1', ${newId()}, 'bench', now()) returning number`.execute(query);
  const number = rows[0]?.number as number;
  await sql`
    insert into channels (project_number, channel_type, version, enabled, archived, settings, created_at, last_modified_at,
                          last_modified_by)
    values (${number}, ${channelType}, 1, true, false,
            '{"FromAddress": "Shop <shop@example.com>", "Identity": "arn:aws:ses:us-east-1:123456789012:identity/x"}',
            now(), now(), 'bench')`.execute(query);
  await sql`
    insert into endpoints (project_number, bucket, id, channel_type, address, address_key, opt_out, status, cohort,
                           user_id, user_bucket, attributes, metrics, demographic, location, user_attributes,
                           created_at, effective_at, request_id)
    select ${number}, bucket_of(id), id, ${channelType}, id || '@example.com', hashtextextended(id, 0), 'NONE', 'ACTIVE', 0,
           'user-' || number, bucket_of('user-' || number),
           jsonb_build_object('Name', jsonb_build_array('Name ' || number), 'Plan', jsonb_build_array('gold')),
           '{"Orders": 3}', '{"Timezone": "Europe/Berlin", "Platform": "iOS"}', '{"Country": "DEU"}', '{}', now(), now(), ''
    from (select 'person-' || number as id, number from generate_series(1, ${people}::int) as number) as people`.execute(
    query,
  );
  await sql`
    insert into audience_users (project_number, bucket, user_id, attributes, endpoint_ids)
    select ${number}, user_bucket, user_id, '{"City": ["Berlin"]}', array[id] from endpoints
    where project_number = ${number}`.execute(query);
  await sql`
    insert into endpoint_facets (project_number, bucket, id, channel_type, eligible, tokens, last_active_at)
    select project_number, bucket, id, channel_type, true, '{}', now() from endpoints
    where project_number = ${number}`.execute(query);
  await sql`analyze endpoints, endpoint_facets, audience_users`.execute(query);
  return number;
}
