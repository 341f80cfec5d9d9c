/** Whom a command names, by options that may be given several times; and a look at what is held on them. */
import { countAddresses, type Found, type NamedIdentity, readIdentities } from '../domains/erasure/index.ts';
import { ServiceError } from '../kernel/errors.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { printTable } from './table.ts';

export interface PeopleOptions {
  readonly endpoint?: readonly string[];
  readonly user?: readonly string[];
  readonly email?: readonly string[];
  readonly phone?: readonly string[];
  readonly deviceToken?: readonly string[];
  /** What is given are SHA-256 of them. */
  readonly sha256?: boolean;
}

const types = {
  endpoint: 'ENDPOINT_ID',
  user: 'USER_ID',
  email: 'EMAIL',
  phone: 'PHONE',
  deviceToken: 'DEVICE_TOKEN',
} as const;

const mostIdentities = 5_000;

/** @throws OperatorError */
export function readPeople(options: PeopleOptions): NamedIdentity[] {
  const Format = options.sha256 === true ? 'SHA256' : 'RAW';
  const given = (Object.keys(types) as (keyof typeof types)[]).flatMap((option) =>
    (options[option] ?? []).map((Value) => ({ Type: types[option], Value, Format }) as const),
  );
  // Nothing must not mean everybody.
  if (given.length === 0) throw new OperatorError('Say who: --endpoint, --user, --email, --phone or --device-token.');
  try {
    return readIdentities(given, mostIdentities);
  } catch (error) {
    throw error instanceof ServiceError ? new OperatorError(`${error.message}.`, { cause: error }) : error;
  }
}

/** What is held in each place: counts, no content. */
export function showFound({ resolved, counts }: Found): void {
  const { people, userIds, addresses, sharing } = resolved;
  console.log(`${people.length} endpoints, ${userIds.length} users, ${countAddresses(addresses)} addresses.`);
  if (sharing > 0) console.log(`${sharing} endpoints of other users have one of the addresses: they are left alone.`);
  const held = [...counts].filter(([, found]) => found > 0);
  if (held.length === 0) console.log('Nothing is held on them.');
  else
    printTable(
      ['place', 'found'],
      held.map(([place, found]) => [place, found.toLocaleString('en-US')]),
    );
}
