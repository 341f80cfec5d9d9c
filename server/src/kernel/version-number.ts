/** Numbers of versions as they stand in paths, queries and bodies. */
import { badRequest } from './errors.ts';

/** @throws BadRequestException for what is no number */
export function readVersionNumber(text: string): number {
  const version = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
  if (version < 1) throw badRequest('Version must be a whole number of at least 1');
  return version;
}
