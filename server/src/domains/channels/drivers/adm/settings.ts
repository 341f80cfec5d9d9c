/** Settings of an ADM channel in the contract's spelling (dossier/messaging §8.2). */
import { type GivenSettings, settingsReader } from '../../settings-reader.ts';

export interface AdmSettings {
  readonly ClientId: string;
  readonly ClientSecret: string;
  /** Instead of https://api.amazon.com. */
  readonly BaseUrl?: string;
}

export function readAdmSettings(given: GivenSettings): AdmSettings {
  const read = settingsReader(given, undefined, { trims: true });
  return {
    ClientId: read.requiredText('ClientId'),
    ClientSecret: read.requiredText('ClientSecret'),
    BaseUrl: read.baseUrl('BaseUrl'),
  };
}
