/** Passwords: argon2id. */
import { hash, verify } from '@node-rs/argon2';
import { badRequest } from '../../../kernel/errors.ts';

const shortestPassword = 12;

/** 19 MiB, two passes: the first recommendation of OWASP's password storage cheat sheet. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** @throws BadRequestException */
export function refuseShortPassword(password: string): void {
  if (password.length >= shortestPassword) return;
  throw badRequest(`A password must have at least ${shortestPassword} characters`);
}

/** @throws BadRequestException for one that is too short */
export async function hashPassword(password: string): Promise<string> {
  refuseShortPassword(password);
  return hash(password, cost);
}

/** Somebody's hash to compare with when there is nobody. */
let nobody: Promise<string> | undefined;

/** Takes as long without a hash (nobody of that name, no password) as with one, and is false then. */
export async function passwordFits(passwordHash: string | undefined, password: string): Promise<boolean> {
  nobody ??= hash('nobody', cost);
  const fits = await verify(passwordHash ?? (await nobody), password);
  return fits && passwordHash !== undefined;
}
