/** Passwords: argon2id, at most two checks at a time, so that guessing cannot eat the machine. */
import { hash, verify } from '@node-rs/argon2';
import { Coalescer } from '../../../database/index.ts';
import { badRequest } from '../../../kernel/errors.ts';

const shortestPassword = 12;

/** 19 MiB, two passes: the first recommendation of OWASP's password storage cheat sheet. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** @throws BadRequestException for one that is too short */
export async function hashPassword(password: string): Promise<string> {
  if (password.length < shortestPassword) {
    throw badRequest(`A password must have at least ${shortestPassword} characters`);
  }
  return hash(password, cost);
}

interface Check {
  readonly passwordHash: string | undefined;
  readonly password: string;
}

export class PasswordChecks {
  /** Somebody's hash to compare with when there is nobody: an unknown name must take as long as a known one. */
  readonly #nobody = hash('nobody', cost);
  readonly #queue = new Coalescer<Check, boolean>({
    name: 'password checks',
    run: ([check]) => this.#verify(check as Check).then((fits) => [fits]),
    maximumBatch: 1,
    maximumInFlight: 2,
    maximumWaiting: 100,
  });

  /** @throws TooManyRequestsException when too many wait already */
  fits(passwordHash: string | undefined, password: string): Promise<boolean> {
    return this.#queue.submit({ passwordHash, password });
  }

  async #verify({ passwordHash, password }: Check): Promise<boolean> {
    const fits = await verify(passwordHash ?? (await this.#nobody), password);
    return fits && passwordHash !== undefined;
  }
}
