/** The domains as commands use them: nothing of them runs, and nothing listens. */
import { type Domains, openDomains } from '../app/domains.ts';
import { Notifications } from '../database/index.ts';
import { AuditTrail } from '../domains/accounts/index.ts';
import { createRegistry } from '../http/metrics.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Deployment } from './deployment.ts';

export async function withDomains(deployment: Deployment, work: (domains: Domains) => Promise<void>): Promise<void> {
  const { configuration, database, connection, masterKey, logger } = deployment;
  const domains = openDomains(
    { configuration, database, connection, masterKey, logger, roles: new Set(), slot: 0 },
    {
      clock: systemClock,
      notifications: new Notifications(connection, logger),
      registry: createRegistry(),
      audit: new AuditTrail({ database, identityKey: masterKey.derive('audit identities'), logger }),
    },
  );
  try {
    await work(domains);
  } finally {
    await domains.ledger.close();
    await domains.outgoing.stop();
  }
}
