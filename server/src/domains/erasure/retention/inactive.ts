/** Who was not active for long, looked at once more when it is their turn: they may have come back since the night. */
import type { Subject, Transaction } from '../../../database/index.ts';
import { findActiveSince, findPeopleById } from '../../audience/index.ts';
import { toSubjects } from '../identities/resolve.ts';
import type { StoredRequest } from '../requests/request.ts';
import { momentOf } from './moment.ts';
import { listRules } from './store.ts';

/** @returns the subject itself when all of them are; nobody when there is no such rule any more */
export async function stillInactive(tx: Transaction, request: StoredRequest, subject: Subject): Promise<Subject> {
  const { projectNumber, endpoints } = subject;
  const rule = (await listRules(tx, projectNumber)).find(({ dataClass }) => dataClass === 'INACTIVE_ENDPOINTS');
  const active =
    rule === undefined
      ? new Set(endpoints.map(({ id }) => id))
      : await findActiveSince(tx, projectNumber, endpoints, momentOf(rule, request.createdAt));
  if (active.size === 0) return subject;
  const ids = endpoints.map(({ id }) => id).filter((id) => !active.has(id));
  const people = await findPeopleById(tx, projectNumber, ids);
  const [left] = toSubjects(subject, { people, userIds: [], addresses: [], goneIds: [], sharing: 0 });
  return left ?? { ...subject, endpoints: [], users: [], addresses: [] };
}
