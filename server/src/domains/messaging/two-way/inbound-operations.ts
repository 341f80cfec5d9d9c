/** Our own API: what people wrote, for those who look after a number. */
import type { InboundMessage } from '../../../contract/repoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import type { Handlers } from '../../../operations/call.ts';
import { checkNumber } from './form.ts';
import { listInbound, type StoredInbound } from './inbound-store.ts';

export function inboundOperations({
  database,
  pagingTokens,
}: {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
}): Handlers<'GetInboundMessages'> {
  return {
    async GetInboundMessages({ Number: given, ...page }, { caller: { accountId } }) {
      const number = given === undefined || given === '' ? undefined : checkNumber(given);
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${accountId}/inbound-messages/${number ?? ''}`,
        page,
        (after, limit) => listInbound(database.query, { accountId, number }, after, limit),
        (last) => [toTimestamp(last.receivedAt), last.id],
      );
      return { Item: items.map(show), NextToken };
    },
  };
}

function show(message: StoredInbound): InboundMessage {
  const { keyword, answer, answerStatus, answerDetail } = message;
  const topic = showPublication(message.topicStatus, message.topicDetail);
  const webhook = showPublication(message.webhookStatus, message.webhookDetail);
  return {
    ...{ InboundMessageId: message.id, ProviderMessageId: message.providerMessageId },
    ...{ Number: message.number, From: message.from, Body: message.body },
    ...(keyword !== null && { Keyword: keyword }),
    Action: message.action,
    ...{ SentDate: toTimestamp(message.sentAt), ReceivedDate: toTimestamp(message.receivedAt) },
    ...(answer !== null &&
      answerStatus !== null && {
        Answer: { Text: answer, Status: answerStatus, ...(answerDetail !== null && { Detail: answerDetail }) },
      }),
    ...(topic && { Topic: topic }),
    ...(webhook && { Webhook: webhook }),
  };
}

function showPublication(status: StoredInbound['topicStatus'], detail: string | null) {
  return status === null ? undefined : { Status: status, ...(detail !== null && { Detail: detail }) };
}
