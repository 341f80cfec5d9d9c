/** Reads what was configured for a driver, one member at a time. Refusals name the member and never quote a value. */
import { badRequest } from '../../../../kernel/errors.ts';

type Given = Readonly<Record<string, unknown>>;

export interface SettingsReader<Name extends string> {
  /** Absent, null and empty count as not given. @param form completes "… must be", for the refusal */
  text(name: Name, pattern: RegExp, form: string): string | undefined;
  required(name: Name, pattern: RegExp, form: string): string;
  /** http or https, without user, query and fragment; without a slash at its end. */
  baseUrl(name: Name): string | undefined;
  /** Messages per second and the like: more than 0. */
  positive(name: Name): number | undefined;
}

/** @throws BadRequestException for a member that is not among `names` */
export function settingsReader<const Name extends string>(given: Given, names: readonly Name[]): SettingsReader<Name> {
  const stranger = Object.keys(given).find((name) => !names.some((known) => known === name));
  if (stranger !== undefined) throw badRequest(`Settings may have ${names.join(', ')}, and nothing else`);
  const givenValue = (name: Name) => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    return value === null || value === '' ? undefined : value;
  };
  const text = (name: Name, pattern: RegExp, form: string) => {
    const value = givenValue(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || !pattern.test(value)) throw badRequest(`${name} must be ${form}`);
    return value;
  };
  return {
    text,
    required(name, pattern, form) {
      const value = text(name, pattern, form);
      if (value === undefined) throw badRequest(`${name} is required`);
      return value;
    },
    baseUrl(name) {
      const value = text(name, /^https?:\/\//, 'an http or https URL');
      if (value === undefined) return undefined;
      const url = URL.parse(value);
      if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
        throw badRequest(`${name} must be an http or https URL without user, query and fragment`);
      }
      return url.href.replace(/\/$/, '');
    },
    positive(name) {
      const value = givenValue(name);
      if (value === undefined) return undefined;
      if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
        throw badRequest(`${name} must be a number above 0`);
      }
      return value;
    },
  };
}
