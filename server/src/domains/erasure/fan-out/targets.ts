/**
 * Webhooks that are told of erasures (E19): what is behind them has copies of people as well. They are told whom by hashes
 * under the secret of the webhook, so that a message names nobody to anybody else (E8).
 */
import { createHmac, hash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Executor, Subject, Transaction } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { openWith, sealWith } from '../../../kernel/master-key.ts';
import { signWebhook } from '../../../outgoing/standard-webhooks.ts';
import type { ErasureHook, ErasureParts } from '../parts.ts';
import type { NoticeWriter } from './deliver.ts';
import { addNotice, type NoticeKey } from './notice.ts';

export interface Target {
  readonly projectNumber: number;
  readonly id: string;
  readonly url: string;
  readonly sealedSecret: Buffer;
  readonly createdAt: Date;
}

const columns = sql`
  project_number as "projectNumber", id, url, sealed_secret as "sealedSecret", created_at as "createdAt"`;

export async function listTargets(query: Executor, projectNumber: number): Promise<Target[]> {
  const { rows } = await sql<Target>`
    select ${columns} from erasure_targets where project_number = ${projectNumber} order by created_at, id`.execute(
    query,
  );
  return rows;
}

export async function insertTarget(tx: Transaction, target: Target): Promise<void> {
  await sql`
    insert into erasure_targets (project_number, id, url, sealed_secret, created_at)
    values (${target.projectNumber}, ${target.id}, ${target.url}, ${target.sealedSecret}, ${target.createdAt})`.execute(
    tx,
  );
}

export async function deleteTarget(tx: Transaction, projectNumber: number, id: string): Promise<Target | undefined> {
  const { rows } = await sql<Target>`
    delete from erasure_targets where project_number = ${projectNumber} and id = ${id} returning ${columns}`.execute(
    tx,
  );
  return rows[0];
}

export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

export function sealSecret(key: Buffer, { projectNumber, id }: NoticeKey, secret: string): Buffer {
  return sealWith(key, `erasure target ${projectNumber} ${id}`, secret);
}

function openSecret(key: Buffer, { projectNumber, id, sealedSecret }: Target): string {
  return openWith(key, `erasure target ${projectNumber} ${id}`, sealedSecret);
}

const payloadContext = (projectNumber: number, noticeId: string) => `erasure notice ${projectNumber} ${noticeId}`;

export function fanOutHook({ sealKey, clock }: Pick<ErasureParts, 'sealKey' | 'clock'>): ErasureHook {
  const tell = async (
    tx: Transaction,
    about: { readonly projectNumber: number; readonly id: string },
    event: string,
    payloadFor: (secret: string) => object,
  ) => {
    for (const target of await listTargets(tx, about.projectNumber)) {
      const { projectNumber, id: targetId, url } = target;
      const body = JSON.stringify({ type: event, erasureId: about.id, ...payloadFor(openSecret(sealKey, target)) });
      const notice = { projectNumber, about: about.id, kind: 'WEBHOOK' as const, targetId, url, event };
      const seal = (id: string) => sealWith(sealKey, payloadContext(projectNumber, id), body);
      await addNotice(tx, { ...notice, seal }, clock.now());
    }
  };
  return {
    accepting: (tx, { projectNumber, id, mode, subject, through }) =>
      tell(tx, { projectNumber, id }, 'erasure.accepted', (secret) => ({
        ...{ mode, at: toTimestamp(through.at), identities: hashesFor(secret, subject) },
      })),
    ended: (tx, request, counts) =>
      tell(tx, request, 'erasure.ended', () => ({
        ...{ mode: request.mode, state: request.state, at: toTimestamp(request.endedAt ?? clock.now()) },
        erased: counts.reduce((sum, { erased }) => sum + erased, 0),
      })),
  };
}

/** HMAC-SHA256 under the whole secret, as text, of the hex SHA-256 of each: folded ids, user ids, normalised addresses. */
function hashesFor(secret: string, { endpoints, users, addresses }: Subject) {
  const keyed = (sha256: string) => createHmac('sha256', secret).update(sha256).digest('hex');
  return [
    ...endpoints.map(({ id }) => ({ type: 'ENDPOINT_ID', hmac: keyed(hash('sha256', id)) })),
    ...users.map(({ userId }) => ({ type: 'USER_ID', hmac: keyed(hash('sha256', userId)) })),
    ...addresses.map(({ sha256 }) => ({ type: 'ADDRESS', hmac: keyed(sha256.toString('hex')) })),
  ];
}

/** Signed as standardwebhooks.com describes. */
export function webhookWriter({ database, sealKey }: Pick<ErasureParts, 'database' | 'sealKey'>): NoticeWriter {
  return async ({ projectNumber, id, targetId, sealedPayload }, now) => {
    const targets = await listTargets(database.query, projectNumber);
    const target = targets.find((each) => each.id === targetId);
    if (target === undefined || sealedPayload === null) return undefined;
    const body = openWith(sealKey, payloadContext(projectNumber, id), sealedPayload);
    return { body, headers: signWebhook(openSecret(sealKey, target), id, now, body) };
  };
}
