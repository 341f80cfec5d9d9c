/** Before there is a router, the page that it will choose is found by its address. */
import { expect, test } from 'vitest';
import { pageAt } from './pages.ts';

test.each([
  ['/projects', 'projects'],
  ['/projects/', 'projects'],
  ['/projects/0123', 'projects/:projectId'],
  ['/projects/0123/erasures/new', 'projects/:projectId/erasures/new'],
  ['/projects/0123/erasures/4567', 'projects/:projectId/erasures/:requestId'],
  ['/projects/0123/analytics', 'projects/:projectId/analytics'],
  ['/projects/0123/people/a%2Fb%zz', 'projects/:projectId/people/:endpointId'],
])('%s is %s', (path, pattern) => {
  expect(pageAt(path)?.path).toBe(pattern);
});

test('an address without a page has none', () => {
  expect(pageAt('/nowhere')).toBeUndefined();
  expect(pageAt('/projects/0123/erasures/4567/more')).toBeUndefined();
});
