/** Events of a project, appended as the server appends them, so that its readers are told. */
import { CreateAppCommand } from '@aws-sdk/client-pinpoint';
import { sql } from 'kysely';
import { expect, vi } from 'vitest';
import { type Database, Notifications } from '../../src/database/index.ts';
import { AppendNews, appEvent, EventLog, type NewEvent } from '../../src/domains/events/index.ts';
import type { EventProject } from '../../src/domains/events/record.ts';
import { createLogger } from '../../src/kernel/logger.ts';
import type { TestServer } from './test-server.ts';

export async function newProject(server: TestServer): Promise<EventProject> {
  const created = await server
    .client()
    .send(new CreateAppCommand({ CreateApplicationRequest: { Name: 'event streams' } }));
  const id = created.ApplicationResponse?.Id as string;
  const { rows } = await sql<{ number: number }>`select number from projects where id = ${id}`.execute(
    server.database.query,
  );
  return { id, number: rows[0]?.number as number, accountId: server.administrator.accountId };
}

export function happened(project: EventProject, endpointId: string, n: number, now = new Date()): NewEvent {
  return appEvent(project, {
    ...{ endpointId, endpoint: undefined, occurredAt: now, arrivedAt: now },
    event: { EventType: 'test.event', Timestamp: now.toISOString(), Attributes: { n: String(n) } },
  });
}

/** A log whose news every process hears. */
export function openLog(database: Database): EventLog {
  const logger = createLogger('silent');
  // Nobody listens here: so all projects are told of.
  const notifications = new Notifications({ url: 'postgres://nowhere' }, logger);
  return new EventLog([new AppendNews({ database, notifications, logger }).handler]);
}

/** The numbers of events, endpoint by endpoint. */
export function numbersOf(records: readonly NewEvent['record'][]): Map<string, number[]> {
  const numbers = new Map<string, number[]>();
  for (const { event_type, client, attributes } of records) {
    if (event_type !== 'test.event') continue;
    numbers.set(client.client_id, [...(numbers.get(client.client_id) ?? []), Number(attributes['n'])]);
  }
  return numbers;
}

/** Each endpoint's numbers rise; one that was sent again does so with those behind it, or alone. */
export function expectInOrder(records: readonly NewEvent['record'][]): void {
  for (const [endpointId, numbers] of numbersOf(records)) {
    const first = [...new Set(numbers)];
    expect(first, `order of ${endpointId}`).toEqual(first.toSorted((one, other) => one - other));
  }
}

export const soon = <Result>(check: () => Result | Promise<Result>, timeout = 20_000): Promise<Result> =>
  vi.waitFor(check, { timeout, interval: 50 });
