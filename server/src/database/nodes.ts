/** The register of processes: who lives, in which roles. Request quotas and leases read it. */
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Logger } from '../kernel/logger.ts';
import type { Service } from '../kernel/service.ts';
import { releaseAll } from './leases.ts';
import type { Database } from './open.ts';

const heartbeatMilliseconds = 5_000;
const goneAfterSeconds = 30;

export interface NodeDescription {
  /** The same in every life of this process slot, so that a restart can free what it held. */
  readonly nodeId: string;
  readonly roles: readonly string[];
  readonly version: string;
}

/** Living processes, as of the last heartbeat; this one counts. */
export interface Population {
  /** Data directories. */
  readonly nodes: number;
  readonly processes: number;
  /** Processes with the role api. */
  readonly apiProcesses: number;
}

/** The identity of this data directory, made at first start; `slot` tells the processes of one node apart. */
export function readNodeId(dataDirectory: string, slot: number): string {
  const file = join(dataDirectory, 'node-id');
  return `${readIfThere(file) ?? makeNodeId(file)}/${slot}`;
}

/** Several processes may find none at once: the first link wins. */
function makeNodeId(file: string): string {
  const unfinished = `${file}.${process.pid}.new`;
  writeFileSync(unfinished, `${randomUUID()}\n`, { mode: 0o600 });
  try {
    linkSync(unfinished, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(unfinished);
  }
  return readFileSync(file, 'utf8').trim();
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Keeps this process in the register, and counts the others. */
export class NodeRegister implements Service {
  readonly name = 'node register';
  readonly #database: Database;
  readonly #description: NodeDescription;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #population: Population = { nodes: 1, processes: 1, apiProcesses: 1 };

  constructor(database: Database, description: NodeDescription, logger: Logger) {
    this.#database = database;
    this.#description = description;
    this.#logger = logger;
  }

  get population(): Population {
    return this.#population;
  }

  /** At least 1: what is shared by that many is never divided by nothing. */
  get apiProcesses(): number {
    return Math.max(1, this.#population.apiProcesses);
  }

  /** Also frees what this process held in its former life. */
  async run(): Promise<void> {
    await releaseAll(this.#database.query, this.#description.nodeId);
    await this.#beat();
    this.#timer = setInterval(() => {
      this.#beat().catch((error: unknown) =>
        this.#logger.warn({ err: error }, 'could not renew the entry of this process'),
      );
    }, heartbeatMilliseconds);
    this.#timer.unref();
  }

  async drain(): Promise<void> {
    clearInterval(this.#timer);
    await releaseAll(this.#database.query, this.#description.nodeId);
    await this.#database.query.deleteFrom('nodes').where('node_id', '=', this.#description.nodeId).execute();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
  }

  async #beat(): Promise<void> {
    const { nodeId, roles, version } = this.#description;
    await sql`
      insert into nodes (node_id, host_name, process_id, roles, version, started_at, heartbeat_at)
      values (${nodeId}, ${hostname()}, ${process.pid}, ${roles}::text[], ${version}, now(), now())
      on conflict (node_id) do update set
        host_name = excluded.host_name, process_id = excluded.process_id, roles = excluded.roles,
        version = excluded.version, heartbeat_at = excluded.heartbeat_at,
        started_at = case when nodes.process_id = excluded.process_id then nodes.started_at else excluded.started_at end`.execute(
      this.#database.query,
    );
    const { rows } = await sql<Population>`
      with gone as (
        delete from nodes where heartbeat_at < now() - ${goneAfterSeconds}::int * interval '1 second' returning node_id
      )
      select count(distinct split_part(node_id, '/', 1)) as nodes, count(*) as processes,
             count(*) filter (where 'api' = any (roles)) as "apiProcesses"
      from nodes where node_id not in (select node_id from gone)`.execute(this.#database.query);
    this.#population = rows[0] as Population;
  }
}
