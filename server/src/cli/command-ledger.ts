/** The erasure ledger as commands use it: what they close or open again is an entry like any other. */
import { Ledger, openLedgerStore } from '../domains/erasure/index.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Deployment } from './deployment.ts';

/** Whoever opens it closes it. */
export function openCommandLedger({ configuration, database, masterKey, logger }: Deployment): Ledger {
  return new Ledger({ database, store: openLedgerStore(configuration), masterKey, clock: systemClock, logger });
}
