/**
 * Keys as requests need them: secret, user, compiled policies. Kept in memory, because every request asks; forgotten at
 * once when something of the account changes on any node.
 */
import { CoalescedRead, type Database, type Notifications } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Logger } from '../../../kernel/logger.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import { RecentlyUsed } from '../../../kernel/recently-used.ts';
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

/** Keys in memory at once; the longest unused leaves. */
const capacity = 10_000;

export interface CredentialsOptions {
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly clock: Clock;
  readonly notifications: Notifications;
  readonly logger: Logger;
}

export class Credentials {
  readonly #options: CredentialsOptions;
  /** Insertion order is order of last use. */
  readonly #known = new RecentlyUsed<Credential>(capacity);
  readonly #reads: CoalescedRead<string, Credential | undefined>;
  /** Rises with every piece of news: what was read before it is not kept. */
  #newsHeard = 0;

  constructor(options: CredentialsOptions) {
    this.#options = options;
    this.#reads = new CoalescedRead({
      name: 'credential look-up',
      identify: (accessKeyId) => accessKeyId,
      read: async (ids) =>
        (await findCredentials(options.database.query, ids)).map((row) => row && this.#toCredential(row)),
    });
    options.notifications.subscribe({
      topic: credentialsTopic,
      changed: (accountId) => this.#forgetAccount(accountId),
      forgetAll: () => this.#forgetAll(),
    });
  }

  /** A key that may sign at this moment; synchronous when it is known. */
  find(accessKeyId: string): Credential | undefined | Promise<Credential | undefined> {
    const known = this.#known.get(accessKeyId);
    return known === undefined ? this.#read(accessKeyId) : this.#ifAlive(known);
  }

  /** Policies of the user behind a key; undefined when the key is gone. */
  findPolicies(accessKeyId: string): readonly Policy[] | undefined | Promise<readonly Policy[] | undefined> {
    const found = this.find(accessKeyId);
    return found instanceof Promise ? found.then((credential) => credential?.policies) : found?.policies;
  }

  async #read(accessKeyId: string): Promise<Credential | undefined> {
    const newsHeard = this.#newsHeard;
    const credential = await this.#reads.find(accessKeyId);
    if (credential === undefined) return undefined;
    if (newsHeard === this.#newsHeard && this.#options.notifications.listening)
      this.#known.set(accessKeyId, credential);
    return this.#ifAlive(credential);
  }

  #ifAlive(credential: Credential): Credential | undefined {
    const { expiresAt } = credential;
    return expiresAt === undefined || expiresAt > this.#options.clock.now() ? credential : undefined;
  }

  #forgetAccount(accountId: string): void {
    this.#newsHeard += 1;
    for (const [accessKeyId, { identity }] of this.#known.entries()) {
      if (identity.accountId === accountId) this.#known.delete(accessKeyId);
    }
  }

  #forgetAll(): void {
    this.#newsHeard += 1;
    this.#known.clear();
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
