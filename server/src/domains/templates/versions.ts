/** The operations that are the same for all kinds of templates: their lists, and which version is active. */
import { badRequest, notFound } from '../../kernel/errors.ts';
import { type PageRequest, readPage } from '../../kernel/paging.ts';
import { readVersionNumber } from '../../kernel/version-number.ts';
import type { Handlers } from '../../operations/call.ts';
import { announceChange, namesLatest } from './find-template.ts';
import { findTemplateType, type TemplateType } from './kinds.ts';
import { accepted, keyOf, lock, type TemplateParts } from './parts.ts';
import { toListed, toListedVersion } from './response.ts';
import { activate, findHead, listHeads, listVersions, versionExists } from './store.ts';

type Operation = 'ListTemplates' | 'ListTemplateVersions' | 'UpdateTemplateActiveVersion';

export function versionOperations({
  database: { query },
  pagingTokens,
  templates,
}: TemplateParts): Handlers<Operation> {
  return {
    async ListTemplates({ Prefix = '', TemplateType, ...page }, call) {
      const scope = { accountId: call.caller.accountId, region: call.region };
      const filter = { prefix: Prefix, type: TemplateType === undefined ? undefined : readType(TemplateType) };
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${scope.accountId}/${scope.region}/templates`,
        pageOf(page),
        (after, limit) => listHeads(query, scope, filter, after, limit),
        (last) => [last.name, last.type],
      );
      return { Item: items.map(toListed), NextToken };
    },

    async ListTemplateVersions({ TemplateName, TemplateType, ...page }, call) {
      const key = keyOf(call, readType(TemplateType), TemplateName);
      const head = await findHead(query, key);
      if (head === undefined) throw notFound();
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${key.accountId}/${key.region}/templates/${key.name}/${key.type}/versions`,
        pageOf(page),
        (after, limit) => listVersions(query, head, after, limit),
        (last) => [last.version],
      );
      return { Item: items.map((version) => toListedVersion(head, version)), NextToken, RequestID: call.requestId };
    },

    async UpdateTemplateActiveVersion({ TemplateName, TemplateType, TemplateActiveVersionRequest }, call) {
      const key = keyOf(call, readType(TemplateType), TemplateName);
      const { Version } = TemplateActiveVersionRequest;
      if (Version === undefined) throw badRequest('Version is missing');
      const wanted = namesLatest(Version) ? undefined : readVersionNumber(Version);
      await call.transaction(async (tx) => {
        const head = await lock(tx, key);
        const version = wanted ?? head.latestVersion;
        if (!(await versionExists(tx, head, version))) throw notFound();
        await activate(tx, head, version, call.now);
        await announceChange(tx, key);
      });
      templates.forget(key);
      return accepted(call);
    },
  };
}

/** @throws BadRequestException */
function readType(text: string): TemplateType {
  const type = findTemplateType(text);
  if (type === undefined) throw badRequest('The type of a template is one of EMAIL, PUSH, SMS, VOICE and INAPP');
  return type;
}

/** Listings of templates call their token `next-token`, all others `token` (dossier/messaging §0). */
function pageOf({ PageSize, NextToken }: { readonly PageSize?: string; readonly NextToken?: string }): PageRequest {
  return { ...(PageSize !== undefined && { PageSize }), ...(NextToken !== undefined && { Token: NextToken }) };
}
