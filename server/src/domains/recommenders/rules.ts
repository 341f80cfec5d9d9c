/** Rules for recommender configurations (dossier/messaging §15). */
import type { CreateRecommenderConfiguration } from '../../contract/pinpoint-types.ts';
import { badRequest } from '../../kernel/errors.ts';
import { namesFunction } from '../../outgoing/lambda.ts';
import type { RecommenderIdType, RecommenderSettings } from './store.ts';

export const maximumRecommendations = 5;
const maximumAttributes = 10;
const maximumUriLength = 2_048;

const namePattern = /^[\p{L}\p{N}][\p{L}\p{N} _-]{0,127}$/u;
const descriptionPattern = /^[\p{L}\p{N} _;(),-]{0,128}$/u;
const displayNamePattern = /^[\p{L}\p{N}][\p{L}\p{N} _-]{0,24}$/u;
const attributePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,49}$/;
const idTypes: readonly string[] = ['PINPOINT_ENDPOINT_ID', 'PINPOINT_USER_ID'] satisfies RecommenderIdType[];

/**
 * The whole configuration: what is left out has its default, on an update too.
 * @throws BadRequestException that names the member
 */
export function readSettings(request: CreateRecommenderConfiguration): RecommenderSettings {
  const { Name, Description, RecommendationProviderIdType: idType = 'PINPOINT_ENDPOINT_ID' } = request;
  if (Name !== undefined && !namePattern.test(Name)) {
    throw badRequest(
      'Name must begin with a letter or digit and may have 128 characters: letters, digits, spaces, _ and -',
    );
  }
  if (Description !== undefined && !descriptionPattern.test(Description)) {
    throw badRequest('Description may have 128 characters: letters, digits, spaces and _ ; ( ) , -');
  }
  if (!idTypes.includes(idType)) throw badRequest(`RecommendationProviderIdType is one of ${idTypes.join(', ')}`);
  const perMessage = request.RecommendationsPerMessage ?? maximumRecommendations;
  if (!Number.isInteger(perMessage) || perMessage < 1 || perMessage > maximumRecommendations) {
    throw badRequest(`RecommendationsPerMessage must be a whole number from 1 to ${maximumRecommendations}`);
  }
  return {
    name: Name ?? null,
    description: Description ?? null,
    providerUri: readUri(request.RecommendationProviderUri, 'RecommendationProviderUri'),
    providerRoleArn: readUri(request.RecommendationProviderRoleArn, 'RecommendationProviderRoleArn'),
    providerIdType: idType as RecommenderIdType,
    recommendationsPerMessage: perMessage,
    ...readUse(request),
  };
}

/** What becomes of the items: a function makes attributes of them, or they are used as they are, under one name. */
function readUse({
  RecommendationTransformerUri: transformerUri,
  RecommendationsDisplayName: displayName,
  Attributes: attributes,
}: CreateRecommenderConfiguration): Pick<RecommenderSettings, 'transformerUri' | 'displayName' | 'attributes'> {
  if (transformerUri === undefined) {
    if (attributes !== undefined) throw badRequest('Attributes are given with a RecommendationTransformerUri only');
    if (displayName === undefined) {
      throw badRequest('RecommendationsDisplayName is missing: it is required without a RecommendationTransformerUri');
    }
    checkDisplayName(displayName, 'RecommendationsDisplayName');
    return { transformerUri: null, displayName, attributes: null };
  }
  if (!namesFunction(transformerUri)) {
    throw badRequest('RecommendationTransformerUri must be the name or ARN of a Lambda function');
  }
  checkAttributes(attributes ?? {});
  // There is nothing that it could be the name of.
  return { transformerUri, displayName: null, attributes: attributes ?? {} };
}

function checkAttributes(attributes: Readonly<Record<string, string>>): void {
  const names = Object.keys(attributes);
  if (names.length < 1 || names.length > maximumAttributes) {
    throw badRequest(`Attributes must have 1 to ${maximumAttributes} members with a RecommendationTransformerUri`);
  }
  for (const name of names) {
    if (!attributePattern.test(name)) {
      throw badRequest(
        'A name in Attributes must begin with a letter or digit and may have 50 characters: letters, digits, _ and -',
      );
    }
    checkDisplayName(attributes[name] ?? '', 'A display name in Attributes');
  }
}

function checkDisplayName(name: string, place: string): void {
  if (displayNamePattern.test(name)) return;
  throw badRequest(
    `${place} must begin with a letter or digit and may have 25 characters: letters, digits, spaces, _ and -`,
  );
}

/** Which provider it means is found out at the send: a configuration may be older than its provider. */
function readUri(text: string, member: string): string {
  if (text.trim() === '') throw badRequest(`${member} is empty`);
  if (text.length > maximumUriLength) throw badRequest(`${member} must have at most ${maximumUriLength} characters`);
  return text;
}
