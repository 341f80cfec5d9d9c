/**
 * Keys as requests need them: secret, user, compiled policies. Kept in memory, because every request asks; forgotten at
 * once when something of the account changes on any node.
 */
import { CoalescedRead, type Database, NewsCache, type Notifications } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import type { Caller } from '../../../operations/call.ts';
import { openSecret } from '../access-keys/key-material.ts';
import { userArn } from '../arn.ts';
import { compilePolicy, type Policy } from '../policy/document.ts';
import { documentOf } from '../policy/store.ts';
import { credentialsTopic } from './forget.ts';
import { type CredentialRow, findCredentials } from './store.ts';

export interface Credential {
  readonly secretAccessKey: string;
  /** SHA-256 of the session token; undefined for a key that lasts. */
  readonly sessionTokenHash: Buffer | undefined;
  readonly identity: Omit<Caller, 'sourceAddress' | 'secureTransport'>;
  readonly policies: readonly Policy[];
  readonly expiresAt: Date | undefined;
}

export interface CredentialsOptions {
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly clock: Clock;
  readonly notifications: Notifications;
  readonly logger: Logger;
}

export class Credentials {
  readonly #options: CredentialsOptions;
  readonly #known: NewsCache<Credential | undefined>;
  readonly #reads: CoalescedRead<string, Credential | undefined>;

  constructor(options: CredentialsOptions) {
    this.#options = options;
    this.#known = new NewsCache({
      notifications: options.notifications,
      topic: credentialsTopic,
      concerns: (accountId, _accessKeyId, credential) => credential?.identity.accountId === accountId,
    });
    this.#reads = new CoalescedRead({
      name: 'credential look-up',
      identify: (accessKeyId) => accessKeyId,
      read: async (ids) =>
        (await findCredentials(options.database.query, ids)).map((row) => row && this.#toCredential(row)),
    });
  }

  /** A key that may sign at this moment; synchronous when it is known. */
  find(accessKeyId: string): Credential | undefined | Promise<Credential | undefined> {
    const known = this.#known.get(accessKeyId);
    if (known !== undefined) return this.#ifAlive(known);
    return this.#known
      .load(accessKeyId, () => this.#reads.find(accessKeyId))
      .then((credential) => credential && this.#ifAlive(credential));
  }

  /** Policies of the user behind a key; undefined when the key is gone. */
  findPolicies(accessKeyId: string): readonly Policy[] | undefined | Promise<readonly Policy[] | undefined> {
    const found = this.find(accessKeyId);
    return found instanceof Promise ? found.then((credential) => credential?.policies) : found?.policies;
  }

  #ifAlive(credential: Credential): Credential | undefined {
    const { expiresAt } = credential;
    return expiresAt === undefined || expiresAt > this.#options.clock.now() ? credential : undefined;
  }

  #toCredential(row: CredentialRow): Credential {
    return {
      secretAccessKey: openSecret(this.#options.masterKey, row.accessKeyId, row.sealedSecret),
      sessionTokenHash: row.tokenHash ?? undefined,
      identity: {
        accountId: row.accountId,
        userName: row.userName,
        arn: userArn(row.accountId, row.userName),
        accessKeyId: row.accessKeyId,
        kind: row.kind,
      },
      policies: this.#compilePolicies(row),
      expiresAt: row.expiresAt ?? undefined,
    };
  }

  /** One that this version cannot read, written by a newer one perhaps, may hold a Deny: then nothing is allowed. */
  #compilePolicies({ accountId, userNumber, policies }: CredentialRow): readonly Policy[] {
    try {
      return policies.map((policy) => compilePolicy(documentOf(policy)));
    } catch (error) {
      this.#options.logger.error(
        { accountId, userNumber, err: error },
        'a policy cannot be read; its user may do nothing',
      );
      return [];
    }
  }
}
