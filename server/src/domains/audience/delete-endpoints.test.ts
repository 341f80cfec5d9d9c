import { expect, it } from 'vitest';
import type { ProjectCall } from '../../operations/call.ts';
import type { Audience } from './audience.ts';
import { deleteEndpointOperations } from './delete-endpoints.ts';

it('leaves connections to hot writes, however many deletions come at once', async () => {
  let underWay = 0;
  let most = 0;
  const keyedTransaction = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resume) => setTimeout(resume, 5));
    underWay -= 1;
  };
  const call = { project: { number: 1, id: 'project' }, keyedTransaction } as unknown as ProjectCall;
  const { DeleteEndpoint } = deleteEndpointOperations({
    audience: {} as Audience,
    removed: () => Promise.reject(new Error('nobody is found')),
  });
  const deletions = Array.from({ length: 20 }, (_, index) =>
    DeleteEndpoint({ ApplicationId: 'project', EndpointId: `e${index}` }, call),
  );
  const outcomes = await Promise.allSettled(deletions);
  expect(
    outcomes.filter((each) => each.status === 'rejected' && each.reason.code === 'NotFoundException'),
  ).toHaveLength(20);
  expect(most).toBe(4);
});
