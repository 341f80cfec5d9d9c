/** Our own API: the outbox of a project, for people to read. */
import type { Database } from '../../../../database/index.ts';
import { toTimestamp } from '../../../../kernel/clock.ts';
import { notFound } from '../../../../kernel/errors.ts';
import { type PagingTokens, readPage } from '../../../../kernel/paging.ts';
import type { Handlers } from '../../../../operations/call.ts';
import { toOutboxMessage, toOutboxMessageResponse } from './response.ts';
import { deleteAllMessages, deleteMessage, findMessage, listMessages } from './store.ts';

type Operation = 'GetOutboxMessages' | 'GetOutboxMessage' | 'DeleteOutboxMessages' | 'DeleteOutboxMessage';

interface Parts {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
}

export function outboxOperations({ database: { query }, pagingTokens }: Parts): Handlers<Operation> {
  return {
    async GetOutboxMessages({ ChannelType, Address, ...page }, { project }) {
      const filter = { channelType: ChannelType, address: Address };
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${project.accountId}/${project.region}/${project.id}/outbox ${JSON.stringify([ChannelType, Address])}`,
        page,
        (after, limit) => listMessages(query, project.number, filter, after, limit),
        (last) => [toTimestamp(last.createdAt), last.id],
      );
      return { Item: items.map(toOutboxMessage), NextToken };
    },

    async GetOutboxMessage({ MessageId }, { project }) {
      const message = await findMessage(query, project.number, checkId(MessageId));
      if (message === undefined) throw notFound();
      return toOutboxMessageResponse(message);
    },

    async DeleteOutboxMessages(_input, call) {
      await call.transaction((tx) => deleteAllMessages(tx, call.project.number));
    },

    async DeleteOutboxMessage({ MessageId }, call) {
      const id = checkId(MessageId);
      await call.transaction(async (tx) => {
        if (!(await deleteMessage(tx, call.project.number, id))) throw notFound();
      });
    },
  };
}

/** What is no key of a message names none. */
function checkId(id: string): string {
  if (!/^[0-9a-f]{32}$/.test(id)) throw notFound();
  return id;
}
