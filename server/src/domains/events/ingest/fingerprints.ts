/** Events that were taken lately, for projects that want each taken once. */
import { sql } from 'kysely';
import { bigintArray, bytesArray, type Executor, integerArray, type Transaction } from '../../../database/index.ts';
import { type HmacKey, hmac, prepareHmac } from '../../../kernel/hmac.ts';
import type { IngestUnit } from './ingest.ts';

const hexDigits = 32;

interface Fingerprint {
  readonly unit: IngestUnit;
  readonly index: number;
  /** As hex. */
  readonly hash: string;
}

export class Fingerprints {
  readonly #key: HmacKey;

  constructor(key: Buffer) {
    this.#key = prepareHmac(key);
  }

  /**
   * Notes the events of units that ask for it. Two who bring the same event wait for each other.
   * @returns whether an event, by its place in its unit, was not seen before
   */
  async note(tx: Transaction, units: readonly IngestUnit[]): Promise<(unit: IngestUnit, index: number) => boolean> {
    const asking = units.filter(({ deduplicates }) => deduplicates);
    if (asking.length === 0) return () => true;
    const first = new Map<string, Fingerprint>();
    for (const unit of asking) {
      for (const index of unit.events.keys()) {
        const hash = this.#hash(unit, index);
        if (!first.has(hash)) first.set(hash, { unit, index, hash });
      }
    }
    const fresh = await insertFingerprints(tx, [...first.values()]);
    const news = new Map<IngestUnit, Set<number>>(asking.map((unit) => [unit, new Set()]));
    for (const text of fresh) {
      const { unit, index } = first.get(text) as Fingerprint;
      news.get(unit)?.add(index);
    }
    return (unit, index) => news.get(unit)?.has(index) ?? true;
  }

  /** Type and timestamp are members of the event. */
  #hash({ key, events }: IngestUnit, index: number): string {
    const { id, event } = events[index] as IngestUnit['events'][number];
    const content = JSON.stringify([key.projectNumber, key.id, id, event]);
    return hmac(this.#key, content).slice(0, hexDigits);
  }
}

/** In the order of the key, in which all wait for each other. @returns those that were not there, as text */
async function insertFingerprints(tx: Transaction, fingerprints: readonly Fingerprint[]): Promise<string[]> {
  if (fingerprints.length === 0) return [];
  const { rows } = await sql<{ fingerprint: Buffer }>`
    insert into event_fingerprints (project_number, bucket, fingerprint, seen_at)
    select given.*, clock_timestamp()
    from unnest(${bigintArray(fingerprints.map(({ unit }) => unit.key.projectNumber))}::bigint[],
                ${integerArray(fingerprints.map(({ unit }) => unit.key.bucket))}::int[],
                ${bytesArray(fingerprints.map(({ hash }) => Buffer.from(hash, 'hex')))}::bytea[]) as given (project_number, bucket, fingerprint)
    order by project_number, bucket, fingerprint
    on conflict do nothing
    returning fingerprint`.execute(tx);
  return rows.map(({ fingerprint }) => fingerprint.toString('hex'));
}

export async function forgetFingerprintsBefore(query: Executor, before: Date): Promise<void> {
  await query.deleteFrom('event_fingerprints').where('seen_at', '<', before).execute();
}
