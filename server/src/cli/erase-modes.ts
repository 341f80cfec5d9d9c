/** What `repoint erase --mode` takes, and what the API calls it. */
import type { ErasureMode } from '../domains/erasure/index.ts';

export const eraseModes: Readonly<Record<string, ErasureMode>> = {
  erase: 'ERASE',
  'erase-and-suppress': 'ERASE_AND_SUPPRESS',
  suppress: 'SUPPRESS',
  unsuppress: 'UNSUPPRESS',
  anonymise: 'ANONYMISE',
};
