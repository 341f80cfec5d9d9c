/** Who is told of erasures, and what became of the messages (ours, E19). */
import type { ErasureNotice, ErasureTarget } from '../../../contract/repoint-types.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest, notFound } from '../../../kernel/errors.ts';
import { newId } from '../../../kernel/ids.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import type { Handlers } from '../../../operations/call.ts';
import { repointArn } from '../../accounts/index.ts';
import type { ErasureParts } from '../parts.ts';
import { listNotices, type Notice } from './notice.ts';
import { deleteTarget, insertTarget, listTargets, newSecret, sealSecret, type Target } from './targets.ts';

const mostTargets = 20;

export function fanOutOperations({
  database,
  sealKey,
  pagingTokens,
}: Pick<ErasureParts, 'database' | 'sealKey'> & { readonly pagingTokens: PagingTokens }): Handlers<
  'GetErasureTargets' | 'CreateErasureTarget' | 'DeleteErasureTarget' | 'GetErasureNotices'
> {
  return {
    async GetErasureTargets(_input, { project }) {
      return { Item: (await listTargets(database.query, project.number)).map(toTarget) };
    },

    async CreateErasureTarget({ CreateErasureTargetRequest: { Url } }, call) {
      const { project, now } = call;
      if (!isWebUrl(Url)) throw badRequest('Url must be a URL that begins with https:// or http://');
      const secret = newSecret();
      const key = { projectNumber: project.number, id: newId() };
      const target = { ...key, url: Url, sealedSecret: sealSecret(sealKey, key, secret), createdAt: now };
      await call.transaction(async (tx) => {
        call.audited(repointArn(project, `apps/${project.id}/erasure-targets/${key.id}`));
        if ((await listTargets(tx, project.number)).length >= mostTargets) {
          throw badRequest(`A project can have at most ${mostTargets} targets`);
        }
        await insertTarget(tx, target);
      });
      return { ...toTarget(target), Secret: secret };
    },

    async DeleteErasureTarget({ ErasureTargetId }, call) {
      const gone = await call.transaction((tx) => deleteTarget(tx, call.project.number, ErasureTargetId));
      if (gone === undefined) throw notFound();
      return toTarget(gone);
    },

    async GetErasureNotices({ ErasureId, ...page }, { project }) {
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${project.accountId}/${project.region}/${project.id}/erasure-notices/${ErasureId ?? ''}`,
        page,
        (after, limit) => listNotices(database.query, project.number, ErasureId, after, limit),
        (last) => [toTimestamp(last.createdAt), last.id],
      );
      return { Item: items.map(toNotice), NextToken };
    },
  };
}

export function isWebUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && ['http:', 'https:'].includes(url.protocol) && text.length <= 2048;
}

function toTarget({ id, url, createdAt }: Target): ErasureTarget {
  return { Id: id, Url: url, CreationDate: toTimestamp(createdAt) };
}

function toNotice({
  id,
  about,
  kind,
  url,
  event,
  state,
  attempts,
  createdAt,
  changedAt,
  fault,
}: Notice): ErasureNotice {
  return {
    ...{ Id: id, ErasureId: about, Kind: kind, Url: url, Event: event, State: state, Attempts: attempts },
    ...{ CreationDate: toTimestamp(createdAt), LastAttemptDate: toTimestamp(changedAt) },
    ...(fault !== null && { Fault: fault }),
  };
}
