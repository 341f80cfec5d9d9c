/** What is known of a call as OpenDSR, once its project is found. */
import type { PublicRequest } from '../../../operations/public-route.ts';
import type { OpenDsrSettings } from './settings.ts';

export interface OpenDsrProject {
  readonly number: number;
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
}

export interface OpenDsrCall {
  readonly project: OpenDsrProject;
  readonly settings: OpenDsrSettings;
  readonly apiVersion: '1.0' | '2.0';
  readonly request: PublicRequest;
}
