/** Our own API: what an account sets for the numbers that people write to. */
import type { SmsNumberResponse, WriteSmsNumberRequest } from '../../../contract/repoint-types.ts';
import type { Database, Executor } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest, notFound } from '../../../kernel/errors.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import { type PagingTokens, readPage } from '../../../kernel/paging.ts';
import type { Call, Handlers } from '../../../operations/call.ts';
import { findProjectNames, findProjects } from '../../projects/index.ts';
import { checkNumber, readDestinations, readMessageText } from './form.ts';
import { deleteNumber, findNumber, listNumbers, lockNumber, putNumber, type StoredNumber } from './numbers-store.ts';
import { sealWebhookSecret } from './webhook-secret.ts';
import { usualTexts } from './words.ts';

type Operation = 'GetSmsNumbers' | 'GetSmsNumber' | 'UpdateSmsNumber' | 'DeleteSmsNumber';

export interface NumberParts {
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly pagingTokens: PagingTokens;
}

export function numberOperations(parts: NumberParts): Handlers<Operation> {
  const { query } = parts.database;
  return {
    async GetSmsNumbers(page, { caller: { accountId } }) {
      const { items, NextToken } = await readPage(
        parts.pagingTokens,
        `${accountId}/sms-numbers`,
        page,
        (after, limit) => listNumbers(query, accountId, after, limit),
        (last) => [last.number],
      );
      return { Item: await show(query, items), NextToken };
    },

    async GetSmsNumber({ Number: number }, { caller: { accountId } }) {
      const found = await findNumber(query, { accountId, number: checkNumber(number) });
      return showOne(query, found);
    },

    async UpdateSmsNumber({ Number: number, WriteSmsNumberRequest: request }, call) {
      return update(parts, checkNumber(number), request, call);
    },

    async DeleteSmsNumber({ Number: number }, call) {
      const place = { accountId: call.caller.accountId, number: checkNumber(number) };
      return call.transaction(async (tx) => showOne(tx, await deleteNumber(tx, place)));
    },
  };
}

async function update(
  { database, masterKey }: NumberParts,
  number: string,
  request: WriteSmsNumberRequest,
  call: Call,
): Promise<SmsNumberResponse> {
  const place = { accountId: call.caller.accountId, number };
  const { webhookSecret, ...destinations } = readDestinations(request);
  const wanted = {
    ...{ ...place, ...destinations, projectNumber: await readProject(database, request.ProjectId, call) },
    helpText: readMessageText('HelpText', request.HelpText) ?? null,
    stopText: readMessageText('StopText', request.StopText) ?? null,
    startText: readMessageText('StartText', request.StartText) ?? null,
    ...{ createdAt: call.now, lastModifiedAt: call.now, lastModifiedBy: call.caller.arn },
  };
  return call.transaction(async (tx) => {
    const before = await lockNumber(tx, place);
    const kept = before?.sealedWebhookSecret ?? null;
    const sealed = webhookSecret === undefined ? kept : sealWebhookSecret(masterKey, place, webhookSecret);
    const isSigned = wanted.webhookUrl !== null;
    if (isSigned && sealed === null) throw badRequest('WebhookSecret is required with a WebhookUrl');
    return showOne(tx, await putNumber(tx, { ...wanted, sealedWebhookSecret: isSigned ? sealed : null }));
  });
}

async function readProject({ query }: Database, id: string | undefined, { caller, region }: Call) {
  if (id === undefined || id === '') return null;
  const [project] = await findProjects(query, [{ accountId: caller.accountId, region, id }]);
  if (project === undefined) throw badRequest('ProjectId names no project of this Region');
  return project.number;
}

/** @throws NotFoundException */
async function showOne(query: Executor, number: StoredNumber | undefined): Promise<SmsNumberResponse> {
  if (number === undefined) throw notFound();
  const [shown] = await show(query, [number]);
  return shown as SmsNumberResponse;
}

/** Of a project that was deleted nothing is shown: nobody sends in its name. */
async function show(query: Executor, numbers: readonly StoredNumber[]): Promise<SmsNumberResponse[]> {
  const projectNumbers = numbers.flatMap(({ projectNumber }) => (projectNumber === null ? [] : [projectNumber]));
  const names = projectNumbers.length === 0 ? [] : await findProjectNames(query, projectNumbers);
  const ids = new Map(names.map(({ number, id }) => [number, id]));
  return numbers.map((number) => {
    const { projectNumber, topicArn, webhookUrl } = number;
    const projectId = projectNumber === null ? undefined : ids.get(projectNumber);
    return {
      Number: number.number,
      ...(projectId !== undefined && { ProjectId: projectId }),
      ...(topicArn !== null && { TopicArn: topicArn }),
      ...(webhookUrl !== null && { WebhookUrl: webhookUrl }),
      HasWebhookSecret: number.sealedWebhookSecret !== null,
      SelfManagedOptOuts: number.selfManagedOptOuts,
      HelpText: number.helpText ?? usualTexts.help,
      StopText: number.stopText ?? usualTexts.stop,
      StartText: number.startText ?? usualTexts.start,
      CreationDate: toTimestamp(number.createdAt),
      LastModifiedDate: toTimestamp(number.lastModifiedAt),
      LastModifiedBy: number.lastModifiedBy,
    };
  });
}
