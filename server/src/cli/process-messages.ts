/** What the first process and the API processes tell each other. */
import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import type { DatabaseConnection } from '../database/index.ts';

export type CollectedMetrics = MetricObjectWithValues<MetricValue<string>>[];

export type ToProcess =
  | { readonly kind: 'start'; readonly slot: number; readonly connection: DatabaseConnection }
  | { readonly kind: 'collect metrics'; readonly request: number }
  | { readonly kind: 'metrics'; readonly request: number; readonly text: string }
  | { readonly kind: 'stop' };

export type FromProcess =
  | { readonly kind: 'started' }
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'metrics wanted'; readonly request: number }
  | { readonly kind: 'metrics collected'; readonly request: number; readonly metrics: CollectedMetrics };
