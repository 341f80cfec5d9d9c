/** What a request does to the people it names, in words. */
import type { CreateErasureRequestRequest } from '../../../../server/src/contract/repoint-types.ts';

export type ErasureMode = NonNullable<CreateErasureRequestRequest['Mode']>;

interface ModeWords {
  readonly value: ErasureMode;
  readonly label: string;
  readonly description: string;
}

/** Those by which something goes. */
export const erasingModes: readonly ModeWords[] = [
  { value: 'ERASE', label: 'Erase', description: 'Everything goes. The person may come back by an import or an app.' },
  {
    value: 'ERASE_AND_SUPPRESS',
    label: 'Erase and keep away',
    description: 'Everything goes, and these identities are refused from then on.',
  },
  { value: 'ANONYMISE', label: 'Anonymise', description: 'Counts stay; nothing in them leads to the person.' },
];

export const allModes: readonly ModeWords[] = [
  ...erasingModes,
  {
    value: 'SUPPRESS',
    label: 'Keep away',
    description: 'Nothing goes. These identities are refused from now on: by the API, imports, events and messages.',
  },
  {
    value: 'UNSUPPRESS',
    label: 'Let in again',
    description: 'Ends “keep away”: these identities may be stored again.',
  },
];

export function erases(mode: ErasureMode): boolean {
  return erasingModes.some(({ value }) => value === mode);
}

export function modeLabel(mode: ErasureMode): string {
  return allModes.find(({ value }) => value === mode)?.label ?? mode;
}

/** Where a request came from. */
export const origins: Readonly<Record<string, string>> = {
  API: 'Asked for',
  OPENDSR: 'OpenDSR',
  DELETE_ENDPOINT: 'DeleteEndpoint',
  DELETE_USER_ENDPOINTS: 'DeleteUserEndpoints',
  REMOVE_ATTRIBUTES: 'RemoveAttributes',
  RETENTION: 'Rule about age',
  RESTORE: 'Restore of a backup',
};
