/** Who lives, in which roles: as of the last heartbeats. */
import { sql } from 'kysely';
import type { Executor } from '../../database/index.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

export interface ProcessFacts {
  readonly nodeId: string;
  readonly hostName: string;
  readonly processId: number;
  readonly roles: readonly ('api' | 'worker' | 'scheduler')[];
  readonly version: string;
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
  /** By the clock that wrote the heartbeat. */
  readonly silentSeconds: number;
}

export async function readProcesses(query: Executor): Promise<ProcessFacts[]> {
  const { rows } = await sql<ProcessFacts>`
    select node_id as "nodeId", host_name as "hostName", process_id as "processId", roles, version,
           started_at as "startedAt", heartbeat_at as "heartbeatAt",
           extract(epoch from now() - heartbeat_at)::float8 as "silentSeconds"
    from nodes order by node_id`.execute(query);
  return rows;
}

/** Three heartbeats that did not come. */
const longestSilenceSeconds = 15;

export function judgeProcesses(processes: readonly ProcessFacts[]): Finding[] {
  const nodes = new Set(processes.map(({ nodeId }) => nodeId.split('/')[0])).size;
  const versions = [...new Set(processes.map(({ version }) => version))].toSorted();
  const living = processes.filter(({ silentSeconds }) => silentSeconds <= longestSilenceSeconds);
  const has = (role: 'worker' | 'scheduler') => living.some(({ roles }) => roles.includes(role));
  return [
    ok(`${processes.length} process(es) on ${nodes} node(s)`),
    ...(living.length < processes.length
      ? [warning(`${processes.length - living.length} process(es) have not told of themselves for 15 s`)]
      : []),
    ...(versions.length > 1
      ? [warning(`processes run several versions, ${versions.join(', ')}: end the upgrade`)]
      : []),
    ...(has('worker') ? [] : [wrong('no process has the role worker: campaigns, imports and erasures wait')]),
    ...(has('scheduler') ? [] : [wrong('no process has the role scheduler: no campaign begins by itself')]),
  ];
}
