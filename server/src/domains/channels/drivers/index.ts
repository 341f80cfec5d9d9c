/** The table of drivers. Nobody else imports one. */
import type { DriverKind } from '../driver.ts';
import { outboxKind } from './outbox/kind.ts';
import type { Outbox } from './outbox/outbox.ts';

export { outboxKindName } from './outbox/kind.ts';

// biome-ignore lint/suspicious/noExplicitAny: settings go from a kind's `readSettings` back to the same kind only
export type AnyDriverKind = DriverKind<any>;

/** In the order in which they are shown. */
export function driverKinds(outbox: Outbox): readonly AnyDriverKind[] {
  return [outboxKind(outbox)];
}
