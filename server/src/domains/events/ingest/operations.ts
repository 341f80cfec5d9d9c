/** PutEvents, and what a project decides about its events. */
import type { ItemResponse } from '../../../contract/pinpoint-types.ts';
import type { EventSettings as ShownSettings } from '../../../contract/repoint-types.ts';
import { ServiceError } from '../../../kernel/errors.ts';
import type { Handlers, ProjectCall } from '../../../operations/call.ts';
import { endpointKey, readChange } from '../../audience/index.ts';
import { answerBatch, answerRefused, type ReadBatch, type RefusedBatch, readBatches } from './batch.ts';
import { asFault, type EventIngest, type IngestUnit } from './ingest.ts';
import type { EventSettings, EventSettingsLookup } from './settings.ts';

interface Parts {
  readonly ingest: EventIngest;
  readonly settings: EventSettingsLookup;
  /** `REPOINT_EVENT_RETENTION_DAYS` */
  readonly eventRetentionDays: number;
}

export function ingestOperations({
  ingest,
  settings,
  eventRetentionDays,
}: Parts): Handlers<'PutEvents' | 'GetEventSettings' | 'UpdateEventSettings'> {
  const show = ({ deduplicate, retentionDays }: EventSettings): ShownSettings => ({
    DeduplicateEvents: deduplicate,
    RetentionDays: retentionDays ?? eventRetentionDays,
  });
  return {
    async PutEvents({ EventsRequest }, call) {
      const waitingSince = performance.now();
      const batches = readBatches(EventsRequest.BatchItem);
      const { deduplicate } = await settings.find(call.project.number);
      const taken = await Promise.all(
        batches.map((batch) =>
          'refusal' in batch
            ? batch.refusal
            : takeBatch(ingest, toUnit(batch, call, { waitingSince, deduplicates: deduplicate }), batch),
        ),
      );
      return { Results: answerAll(batches, taken, call) };
    },

    async GetEventSettings(_input, { project }) {
      return show(await settings.find(project.number));
    },

    async UpdateEventSettings({ UpdateEventSettingsRequest: request }, call) {
      const { DeduplicateEvents, RetentionDays } = request;
      const changed = await call.transaction((tx) =>
        settings.change(tx, call.project.number, {
          ...(DeduplicateEvents !== undefined && { deduplicate: DeduplicateEvents }),
          ...(RetentionDays !== undefined && { retentionDays: RetentionDays }),
        }),
      );
      settings.forget(call.project.number);
      return show(changed);
    },
  };
}

const noChange = readChange({});

function toUnit(
  { endpointId, change, events }: ReadBatch,
  { project, now, requestId }: ProjectCall,
  options: { readonly waitingSince: number; readonly deduplicates: boolean },
): IngestUnit {
  const key = endpointKey(project.number, endpointId);
  const write = { key, endpointId, applicationId: project.id, now, requestId };
  const changed =
    change instanceof ServiceError
      ? { ...write, change: noChange, only: 'known activity' as const }
      : change === undefined
        ? { ...write, change: noChange, only: 'activity' as const }
        : { ...write, change };
  return { writes: [changed], project, key, endpointId, events, arrivedAt: now, ...options };
}

/** @returns its answer, or what failed */
async function takeBatch(ingest: EventIngest, unit: IngestUnit, batch: ReadBatch): Promise<ItemResponse | Failure> {
  try {
    return answerBatch(batch, await ingest.take(unit));
  } catch (error) {
    return new Failure(error);
  }
}

class Failure {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/**
 * Where nothing of the call could be taken, the call itself has failed. Otherwise what failed says so itself: whoever
 * sent the whole call again would bring twice what was taken.
 */
function answerAll(
  batches: readonly (ReadBatch | RefusedBatch)[],
  taken: readonly (ItemResponse | ServiceError | Failure)[],
  call: ProjectCall,
): Readonly<Record<string, ItemResponse>> {
  const failures = taken.filter((each) => each instanceof Failure);
  const [first] = failures;
  if (first !== undefined && failures.length === taken.length) throw first.error;
  return Object.fromEntries(
    batches.map((batch, index) => {
      const result = taken[index] as ItemResponse | ServiceError | Failure;
      if (result instanceof ServiceError) return [batch.endpointId, answerRefused(batch, result)];
      if (!(result instanceof Failure)) return [batch.endpointId, result];
      const { requestId } = call;
      if (!(result.error instanceof ServiceError)) {
        call.logger.error({ requestId, err: result.error }, 'a part of a request failed');
      }
      return [batch.endpointId, answerRefused(batch, asFault(result.error))];
    }),
  );
}
