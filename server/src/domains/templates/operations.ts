/** Create, get, update and delete, made once for every kind of template (dossier/messaging §2.1, §2.2). */
import type { CreateTemplateMessageBody, MessageBody } from '../../contract/pinpoint-types.ts';
import type { Transaction } from '../../database/index.ts';
import { badRequest, notFound } from '../../kernel/errors.ts';
import { readVersionNumber } from '../../kernel/version-number.ts';
import type { Call, Handlers } from '../../operations/call.ts';
import { changeTags, checkTags, deleteTags, findTags, formatArn, type Tags } from '../projects/index.ts';
import { announceChange } from './find-template.ts';
import {
  type BodyMembers,
  type OperationParts,
  type TemplateContents,
  type TemplateKind,
  type TemplateRequests,
  type TemplateType,
  templateKinds,
} from './kinds.ts';
import { accepted, keyOf, lock, type TemplateParts } from './parts.ts';
import { type Described, templateName, toTemplate } from './response.ts';
import { checkContent, checkTemplateName, checkTexts } from './rules.ts';
import {
  addVersion,
  countExclusively,
  countVersions,
  deleteTemplate,
  deleteVersion,
  findStored,
  insertTemplate,
  overwriteLatest,
  type TemplateHead,
  type TemplateKey,
  versionExists,
} from './store.ts';
import { textsOf } from './texts.ts';
import { versionOperations } from './versions.ts';

/** Per account and Region, and per template (dossier/messaging §17). */
const maximumTemplates = 20_000;
const maximumVersions = 5_000;

type Operation<Type extends TemplateType> = `${'Create' | 'Get' | 'Update' | 'Delete'}${OperationParts[Type]}Template`;

export function templateOperations(parts: TemplateParts) {
  return {
    ...kindOperations(templateKinds.EMAIL, parts),
    ...kindOperations(templateKinds.PUSH, parts),
    ...kindOperations(templateKinds.SMS, parts),
    ...kindOperations(templateKinds.VOICE, parts),
    ...kindOperations(templateKinds.INAPP, parts),
    ...versionOperations(parts),
  };
}

interface Named {
  readonly TemplateName: string;
}

interface OfVersion extends Named {
  readonly Version?: string;
}

type WithBody<Type extends TemplateType> = { readonly [Member in BodyMembers[Type]]: TemplateRequests[Type] };

interface UpdateOptions extends OfVersion {
  readonly CreateNewVersion?: boolean;
}

interface KindHandlers<Type extends TemplateType> {
  create(input: Named & WithBody<Type>, call: Call): Promise<CreateTemplateMessageBody>;
  get(input: OfVersion, call: Call): Promise<TemplateContents[Type] & Described<Type>>;
  update(input: UpdateOptions & WithBody<Type>, call: Call): Promise<MessageBody>;
  remove(input: OfVersion, call: Call): Promise<MessageBody>;
}

function kindOperations<Type extends TemplateType>(
  kind: TemplateKind<Type>,
  parts: TemplateParts,
): Handlers<Operation<Type>> {
  const { create, get, update, remove } = kindHandlers(kind, parts);
  const handlers = {
    [`Create${kind.operation}Template`]: create,
    [`Get${kind.operation}Template`]: get,
    [`Update${kind.operation}Template`]: update,
    [`Delete${kind.operation}Template`]: remove,
  };
  // TypeScript makes `string` of computed names; kinds.test.ts holds them and the bodies against the contract.
  return handlers as unknown as Handlers<Operation<Type>>;
}

function kindHandlers<Type extends TemplateType>(kind: TemplateKind<Type>, parts: TemplateParts): KindHandlers<Type> {
  const { type } = kind;
  const { database, templates } = parts;

  return {
    async create(input, call) {
      const key = keyOf(call, type, input.TemplateName);
      checkTemplateName(key.name);
      const { content, tags } = readBody(kind, input);
      checkTags(tags);
      await call.transaction(async (tx) => {
        await checkRecommender(tx, key, content, parts);
        await insert(tx, key, content, tags, call.now);
      });
      return { Arn: formatArn(templateName(key)), Message: 'Created', RequestID: call.requestId };
    },

    async get({ TemplateName, Version }, call) {
      const key = keyOf(call, type, TemplateName);
      const wanted = Version === undefined ? 'active' : readVersionNumber(Version);
      const [stored] = await findStored(database.query, [{ ...key, wanted }]);
      if (stored === undefined) throw notFound();
      return toTemplate<Type>(key, stored, await findTags(database.query, templateName(key)));
    },

    async update(input, call) {
      const key = keyOf(call, type, input.TemplateName);
      const { content } = readBody(kind, input);
      const expected = readExpected(input);
      await call.transaction(async (tx) => {
        const head = await lock(tx, key);
        if (expected !== undefined && expected !== head.latestVersion) {
          throw badRequest('version must be the latest version of the template');
        }
        await checkRecommender(tx, key, content, parts);
        if (input.CreateNewVersion !== true) await overwriteLatest(tx, head, content, call.now);
        else if ((await countVersions(tx, head)) < maximumVersions) await addVersion(tx, head, content, call.now);
        else throw badRequest(`A template can have at most ${maximumVersions} versions`);
        await announceChange(tx, key);
      });
      templates.forget(key);
      return accepted(call);
    },

    async remove({ TemplateName, Version }, call) {
      const key = keyOf(call, type, TemplateName);
      const version = Version === undefined ? undefined : readVersionNumber(Version);
      await call.transaction(async (tx) => {
        await removeVersion(tx, key, await lock(tx, key), version, call.now);
        await announceChange(tx, key);
      });
      templates.forget(key);
      return accepted(call);
    },
  };
}

async function insert(tx: Transaction, key: TemplateKey, content: object, tags: Tags, now: Date): Promise<void> {
  if ((await countExclusively(tx, key)) >= maximumTemplates) {
    throw badRequest(`An account can have at most ${maximumTemplates} templates in a Region`);
  }
  if (!(await insertTemplate(tx, key, content, now))) {
    throw badRequest('There is a template of this type and name already');
  }
  // Without tags too: a name can come back, and what was tagged while its last bearer went is not meant for it.
  await changeTags(tx, templateName(key), () => tags);
}

/** The version that an update must find as the latest: the guard against two who change at once. */
function readExpected({ Version, CreateNewVersion }: UpdateOptions): number | undefined {
  if (Version === undefined) return undefined;
  if (CreateNewVersion === true) throw badRequest('create-new-version and version cannot be used together');
  return readVersionNumber(Version);
}

async function removeVersion(
  tx: Transaction,
  key: TemplateKey,
  head: TemplateHead,
  version: number | undefined,
  now: Date,
): Promise<void> {
  if (version !== undefined) {
    if (!(await versionExists(tx, head, version))) throw notFound();
    if ((await countVersions(tx, head)) > 1) {
      if (version === head.activeVersion) throw badRequest('The active version of a template cannot be deleted');
      return deleteVersion(tx, head, version, now);
    }
  }
  await deleteTemplate(tx, head);
  await deleteTags(tx, templateName(key));
}

function readBody<Type extends TemplateType>({ type, body }: TemplateKind<Type>, input: WithBody<Type>) {
  const { tags = {}, ...content } = input[body];
  checkContent(type, content);
  checkTexts(textsOf({ type, content }));
  return { content, tags };
}

async function checkRecommender(
  tx: Transaction,
  { accountId, region }: TemplateKey,
  content: TemplateContents[TemplateType],
  { recommenderExists }: TemplateParts,
): Promise<void> {
  const id = 'RecommenderId' in content ? content.RecommenderId : undefined;
  if (id !== undefined && !(await recommenderExists(tx, { accountId, region }, id))) {
    throw badRequest('RecommenderId names no recommender configuration');
  }
}
