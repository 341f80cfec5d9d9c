/** Our own API beside Pinpoint's: what happened to an endpoint. */
import type { EndpointEvent } from '../../contract/repoint-types.ts';
import type { Database } from '../../database/index.ts';
import { toTimestamp } from '../../kernel/clock.ts';
import { notFound } from '../../kernel/errors.ts';
import { type PagingTokens, readPage } from '../../kernel/paging.ts';
import type { Handlers } from '../../operations/call.ts';
import { type Audience, endpointKey } from '../audience/index.ts';
import { listEvents, type StoredEvent } from './store.ts';

interface Parts {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
  readonly audience: Audience;
}

export function eventOperations({ database, pagingTokens, audience }: Parts): Handlers<'GetEndpointEvents'> {
  return {
    async GetEndpointEvents({ EndpointId, ...page }, { project }) {
      const key = endpointKey(project.number, EndpointId);
      if ((await audience.find(key)) === undefined) throw notFound();
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${project.accountId}/${project.region}/${project.id}/endpoints/${key.id}/events`,
        page,
        (after, limit) => listEvents(database.query, key, after, limit),
        ({ arrivedAt, sequence }) => [toTimestamp(arrivedAt), sequence],
      );
      return { Item: items.map(toEvent), NextToken };
    },
  };
}

function toEvent({ arrivedAt, record }: StoredEvent): EndpointEvent {
  return {
    EventType: record.event_type,
    ArrivalDate: toTimestamp(arrivedAt),
    Record: record as unknown as Readonly<Record<string, unknown>>,
  };
}
