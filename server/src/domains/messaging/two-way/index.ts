/** Two-way SMS: what people write to numbers, and what happens then. */
import { inboundOperations } from './inbound-operations.ts';
import { keywordOperations } from './keyword-operations.ts';
import { type NumberParts, numberOperations } from './number-operations.ts';

export { type TwoWayJobParts, twoWayCrons, twoWayJobs } from './jobs.ts';
export { tellOptOuts } from './opt-out-events.ts';
export { receiveInbound } from './receive.ts';

export function twoWayOperations(parts: NumberParts) {
  return { ...numberOperations(parts), ...keywordOperations(parts), ...inboundOperations(parts) };
}
