/** When saying again that an endpoint is active is worth a statement. */
import { expect, it } from 'vitest';
import { endpointKey } from './endpoint.ts';
import { RecentActivity } from './recent-activity.ts';

it('is news once a minute, for each endpoint of each project', () => {
  const recent = new RecentActivity();
  const ana = endpointKey(1, 'Ana');
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 26) + seconds * 1000);
  expect(recent.isNews(ana, at(0))).toBe(true);
  recent.note(ana, at(0));
  expect(recent.isNews(endpointKey(1, 'ANA'), at(60))).toBe(false);
  expect(recent.isNews(endpointKey(2, 'ana'), at(60))).toBe(true);
  // Steady activity does not push the next step away.
  recent.note(ana, at(40));
  expect(recent.isNews(ana, at(61))).toBe(true);
  recent.note(ana, at(61));
  expect(recent.isNews(ana, at(121))).toBe(false);
  // A call that waited for long tells nothing new.
  expect(recent.isNews(ana, at(-500))).toBe(false);
});
