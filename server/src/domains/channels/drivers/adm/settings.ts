/** Settings of an ADM channel in the contract's spelling (dossier/messaging §8.2). */
import { type Given, optionalUrl, requiredText } from '../push-settings.ts';

export interface AdmSettings {
  readonly ClientId: string;
  readonly ClientSecret: string;
  /** Instead of https://api.amazon.com. */
  readonly BaseUrl?: string;
}

export function readAdmSettings(given: Given): AdmSettings {
  return {
    ClientId: requiredText(given, 'ClientId'),
    ClientSecret: requiredText(given, 'ClientSecret'),
    BaseUrl: optionalUrl(given, 'BaseUrl'),
  };
}
