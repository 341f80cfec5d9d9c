/** What the first process and the API processes tell each other. */
import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import type { DatabaseConnection } from '../database/index.ts';

export type CollectedMetrics = MetricObjectWithValues<MetricValue<string>>[];

/** What an API process needs to begin. Secrets travel this way, never as arguments. */
export interface ProcessStart {
  readonly slot: number;
  readonly connection: DatabaseConnection;
  /** Of the key the first process has: another one would open nothing. */
  readonly masterKeyFingerprint: string;
}

export type ToProcess =
  | { readonly kind: 'start'; readonly start: ProcessStart }
  | { readonly kind: 'collect metrics'; readonly request: number }
  | { readonly kind: 'metrics'; readonly request: number; readonly text: string }
  | { readonly kind: 'stop' };

export type FromProcess =
  | { readonly kind: 'started' }
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'metrics wanted'; readonly request: number }
  | { readonly kind: 'metrics collected'; readonly request: number; readonly metrics: CollectedMetrics };
