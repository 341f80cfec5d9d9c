/** A webhook, signed as standardwebhooks.com describes. Any answer of 2xx means that all records were taken. */
import type { Clock } from '../../../../kernel/clock.ts';
import { OutgoingFault, type OutgoingHttp } from '../../../../outgoing/http.ts';
import { signWebhook } from '../../../../outgoing/standard-webhooks.ts';
import { DestinationFault, type EventDestination, type StreamRecord } from '../destination.ts';

export interface WebhookOptions {
  readonly http: OutgoingHttp;
  readonly clock: Clock;
  readonly url: string;
  readonly secret: string;
  /** Of the project: with the places of first and last record it names a request. */
  readonly streamId: string;
}

export function openWebhook({ http, clock, url, secret, streamId }: WebhookOptions): EventDestination {
  return {
    limits: { records: 500, bytes: 1024 * 1024, recordBytes: 1024 * 1024 },
    takesWhole: true,
    gatherMilliseconds: 0,
    async send(records, signal) {
      const body = `{"Records":[${records.map((record) => record.body).join(',')}]}`;
      const id = idOf(streamId, records);
      const headers = { 'content-type': 'application/json', ...signWebhook(secret, id, clock.now(), body) };
      try {
        const { status } = await http.request({ method: 'POST', url, headers, body, signal });
        if (status < 200 || status > 299) throw new DestinationFault(`HTTP ${status}`);
      } catch (error) {
        if (error instanceof OutgoingFault) throw new DestinationFault(error.kind, { cause: error });
        throw error;
      }
      return [];
    },
    async close() {},
  };
}

function idOf(streamId: string, records: readonly StreamRecord[]): string {
  return `${streamId}_${records[0]?.id}_${records.at(-1)?.id}`;
}
