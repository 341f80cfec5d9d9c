/** SDK clients of a server whose clock a test moves by hand: requests are signed with that server's time. */
import type { PinpointClient } from '@aws-sdk/client-pinpoint';
import type { Clock } from '../../src/kernel/clock.ts';

export function signWithTimeOf(clock: Clock, client: PinpointClient): PinpointClient {
  Object.defineProperty(client.config, 'systemClockOffset', {
    get: () => clock.now().getTime() - Date.now(),
    // The SDK sets its offset right by the Date of answers, which is that of the machine.
    set: () => undefined,
  });
  return client;
}
