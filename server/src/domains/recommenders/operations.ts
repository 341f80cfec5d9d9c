/** Recommender configurations: create, read, list, update, delete (dossier/messaging §15). */
import type { RecommenderConfigurationResponse } from '../../contract/pinpoint-types.ts';
import type { Database } from '../../database/index.ts';
import { toTimestamp } from '../../kernel/clock.ts';
import { badRequest, notFound } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { type PagingTokens, readPage } from '../../kernel/paging.ts';
import type { Call, Handlers } from '../../operations/call.ts';
import { formatArn } from '../projects/index.ts';
import { readSettings } from './rules.ts';
import {
  countExclusively,
  deleteRecommender,
  findRecommender,
  insertRecommender,
  listRecommenders,
  type RecommenderConfiguration,
  type RecommenderScope,
  replaceRecommender,
} from './store.ts';

/** Per account and Region (dossier/messaging §17). */
const maximumConfigurations = 100;

type Operation =
  | 'CreateRecommenderConfiguration'
  | 'GetRecommenderConfiguration'
  | 'GetRecommenderConfigurations'
  | 'UpdateRecommenderConfiguration'
  | 'DeleteRecommenderConfiguration';

export function recommenderOperations({
  database: { query },
  pagingTokens,
}: {
  readonly database: Database;
  readonly pagingTokens: PagingTokens;
}): Handlers<Operation> {
  return {
    async CreateRecommenderConfiguration({ CreateRecommenderConfiguration: request }, call) {
      const settings = readSettings(request);
      const scope = scopeOf(call);
      const id = newId();
      call.audited(formatArn({ ...scope, resource: `recommenders/${id}` }));
      return call.transaction(async (tx) => {
        if ((await countExclusively(tx, scope)) >= maximumConfigurations) {
          throw badRequest(
            `An account can have at most ${maximumConfigurations} recommender configurations in a Region`,
          );
        }
        await insertRecommender(tx, scope, id, settings, call.now);
        return show(await findRecommender(tx, scope, id));
      });
    },

    async GetRecommenderConfiguration({ RecommenderId }, call) {
      return show(await findRecommender(query, scopeOf(call), RecommenderId));
    },

    async GetRecommenderConfigurations(page, call) {
      const scope = scopeOf(call);
      const { items, NextToken } = await readPage(
        pagingTokens,
        `${scope.accountId}/${scope.region}/recommenders`,
        page,
        (after, limit) => listRecommenders(query, scope, after, limit),
        (last) => [toTimestamp(last.createdAt), last.id],
      );
      return { Item: items.map(show), NextToken };
    },

    async UpdateRecommenderConfiguration({ RecommenderId, UpdateRecommenderConfiguration: request }, call) {
      const settings = readSettings(request);
      const scope = scopeOf(call);
      return call.transaction(async (tx) => {
        if (!(await replaceRecommender(tx, scope, RecommenderId, settings, call.now))) throw notFound();
        return show(await findRecommender(tx, scope, RecommenderId));
      });
    },

    async DeleteRecommenderConfiguration({ RecommenderId }, call) {
      return call.transaction(async (tx) => show(await deleteRecommender(tx, scopeOf(call), RecommenderId)));
    },
  };
}

function scopeOf(call: Call): RecommenderScope {
  return { accountId: call.caller.accountId, region: call.region };
}

/** @throws NotFoundException */
function show(stored: RecommenderConfiguration | undefined): RecommenderConfigurationResponse {
  if (stored === undefined) throw notFound();
  return {
    ...(stored.attributes !== null && { Attributes: stored.attributes }),
    CreationDate: toTimestamp(stored.createdAt),
    ...(stored.description !== null && { Description: stored.description }),
    Id: stored.id,
    LastModifiedDate: toTimestamp(stored.lastModifiedAt),
    ...(stored.name !== null && { Name: stored.name }),
    RecommendationProviderIdType: stored.providerIdType,
    RecommendationProviderRoleArn: stored.providerRoleArn,
    RecommendationProviderUri: stored.providerUri,
    ...(stored.transformerUri !== null && { RecommendationTransformerUri: stored.transformerUri }),
    ...(stored.displayName !== null && { RecommendationsDisplayName: stored.displayName }),
    RecommendationsPerMessage: stored.recommendationsPerMessage,
  };
}
