/** What is older than a rule allows. */
import type { RetentionRule } from './store.ts';

const dayMilliseconds = 24 * 3600 * 1000;

export function momentOf(rule: Pick<RetentionRule, 'days'>, now: Date): Date {
  return new Date(now.getTime() - rule.days * dayMilliseconds);
}
