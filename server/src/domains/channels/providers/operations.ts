/** Our own API: through whom the messages of a channel type leave, for a project and for an account's Region. */
import type { ProviderResponse, WriteProviderRequest } from '../../../contract/repoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { badRequest, notFound } from '../../../kernel/errors.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import type { Call, Handlers, Project, ProjectCall } from '../../../operations/call.ts';
import { type AnyDriverKind, outboxKindName } from '../drivers/index.ts';
import type { GivenSettings } from '../settings-reader.ts';
import { type ProviderChange, providerSource, tellChanged } from './change.ts';
import type { Providers } from './providers.ts';
import { openSettings, sealSettings } from './settings.ts';
import {
  deleteProvider,
  findProvider,
  listProviders,
  type ProviderPlace,
  putProvider,
  type StoredProvider,
} from './store.ts';

type ProjectOperation =
  | 'UpdateProjectProvider'
  | 'GetProjectProvider'
  | 'DeleteProjectProvider'
  | 'GetProjectProviders';
type AccountOperation = 'UpdateProvider' | 'GetProvider' | 'DeleteProvider' | 'GetProviders' | 'GetProviderKinds';

interface Parts {
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly providers: Providers;
}

type Owner = Omit<ProviderPlace, 'channelType'>;

/** Certificates and service accounts take a few kilobytes. */
const longestSettings = 262_144;

export function providerOperations(parts: Parts): Handlers<ProjectOperation | AccountOperation> {
  return { ...ofProjects(parts), ...ofAccounts(parts) };
}

function ofProjects(parts: Parts): Handlers<ProjectOperation> {
  const at = ({ project }: ProjectCall, channelType: string) => ({ ...ownerOf(project), channelType });
  return {
    UpdateProjectProvider: ({ ChannelType, WriteProviderRequest }, call) =>
      update(parts, at(call, ChannelType), WriteProviderRequest, call),
    GetProjectProvider: ({ ChannelType }, call) => get(parts, at(call, ChannelType), call),
    DeleteProjectProvider: ({ ChannelType }, call) => remove(parts, at(call, ChannelType), call),
    GetProjectProviders: (_input, call) => list(parts, ownerOf(call.project), call),
  };
}

function ofAccounts(parts: Parts): Handlers<AccountOperation> {
  const owner = ({ caller, region }: Call) => ({ accountId: caller.accountId, region, projectNumber: 0 });
  const at = (call: Call, channelType: string) => ({ ...owner(call), channelType });
  return {
    UpdateProvider: ({ ChannelType, WriteProviderRequest }, call) =>
      update(parts, at(call, ChannelType), WriteProviderRequest, call),
    GetProvider: ({ ChannelType }, call) => get(parts, at(call, ChannelType), call),
    DeleteProvider: ({ ChannelType }, call) => remove(parts, at(call, ChannelType), call),
    GetProviders: (_input, call) => list(parts, owner(call), call),

    async GetProviderKinds() {
      const Item = parts.providers.kinds.map(({ kind, channelTypes, readCallback }) => ({
        ...{ Kind: kind, ChannelTypes: [...channelTypes], HasCallback: readCallback !== undefined },
      }));
      return { Item };
    },
  };
}

function ownerOf({ accountId, region, number }: Project): Owner {
  return { accountId, region, projectNumber: number };
}

async function get(parts: Parts, place: ProviderPlace, call: Call): Promise<ProviderResponse> {
  checkChannelType(parts.providers, place.channelType);
  const provider = await findProvider(parts.database.query, place);
  if (provider === undefined) throw notFound();
  return toResponse(parts, provider, call);
}

async function list(parts: Parts, owner: Owner, call: Call) {
  const stored = await listProviders(parts.database.query, owner);
  return { Item: stored.map((provider) => toResponse(parts, provider, call)) };
}

async function update(parts: Parts, place: ProviderPlace, request: WriteProviderRequest, call: Call) {
  const { masterKey, providers } = parts;
  const kind = requireKind(providers, place.channelType, request.Kind);
  const settings = request.Settings ?? {};
  if (JSON.stringify(settings).length > longestSettings) {
    throw badRequest(`Settings must have at most ${longestSettings} characters`);
  }
  kind.readSettings(settings);
  const { baseUrlNeeds } = kind;
  if (baseUrlNeeds !== undefined && 'BaseUrl' in settings && !(baseUrlNeeds in settings)) {
    throw badRequest(`BaseUrl is given together with ${baseUrlNeeds}`);
  }
  const sealedSettings = sealSettings(masterKey, { ...place, kind: kind.kind }, settings);
  const write = { ...place, kind: kind.kind, sealedSettings, now: call.now, by: call.caller.arn };
  const stored = await call.transaction(async (tx) => {
    const provider = await putProvider(tx, write);
    await tellChanged(tx, toChange(provider));
    return provider;
  });
  providers.forget(toChange(stored));
  return toResponse(parts, stored, call);
}

async function remove(parts: Parts, place: ProviderPlace, call: Call) {
  checkChannelType(parts.providers, place.channelType);
  const removed = await call.transaction(async (tx) => {
    const provider = await deleteProvider(tx, place);
    if (provider === undefined) throw notFound();
    await tellChanged(tx, toRemoval(provider));
    return provider;
  });
  parts.providers.forget(toRemoval(removed));
  return toResponse(parts, removed, call);
}

/** Types are asked for in capitals only: a denial of `providers/EMAIL` must not be walked around with `email`. */
function checkChannelType(providers: Providers, channelType: string): void {
  const types = [...new Set(providers.kinds.flatMap(({ channelTypes }) => channelTypes))].sort();
  if (!types.some((type) => type === channelType)) throw badRequest(`channel-type must be one of ${types.join(', ')}`);
}

function requireKind(providers: Providers, channelType: string, name: string): AnyDriverKind {
  checkChannelType(providers, channelType);
  const kinds = providers.kinds.filter(({ channelTypes }) => channelTypes.some((type) => type === channelType));
  const kind = kinds.find((candidate) => candidate.kind === name);
  if (kind !== undefined) return kind;
  throw badRequest(`Kind must be one of ${kinds.map((candidate) => candidate.kind).join(', ')} for ${channelType}`);
}

function toRemoval(provider: StoredProvider): ProviderChange {
  const { number, accountId, region, projectNumber } = provider;
  const scope = projectNumber === 0 ? { accountId, region } : { projectNumber };
  return { scope, source: providerSource(number) };
}

function toChange(provider: StoredProvider): ProviderChange {
  return { ...toRemoval(provider), ...(provider.kind !== outboxKindName && { version: provider.version }) };
}

function toResponse({ masterKey, providers }: Parts, provider: StoredProvider, call: Call): ProviderResponse {
  const kind = providers.kindOf(provider.kind);
  return {
    ...{ ChannelType: provider.channelType, Kind: provider.kind },
    Settings: kind === undefined ? {} : show(kind, openSettings(masterKey, provider), call),
    ...(kind?.readCallback !== undefined && { CallbackPath: providers.callbacks.pathOf(provider.number) }),
    ...{ CreationDate: toTimestamp(provider.createdAt), LastModifiedDate: toTimestamp(provider.lastModifiedAt) },
    ...{ LastModifiedBy: provider.lastModifiedBy, Version: provider.version },
  };
}

/** What another version of the server accepted, this one may not: then nothing can be shown, and nothing is sent. */
function show(kind: AnyDriverKind, given: GivenSettings, { logger }: Call) {
  let settings: unknown;
  try {
    settings = kind.readSettings(given);
  } catch (error) {
    logger.warn({ kind: kind.kind, err: error }, 'settings of a provider cannot be read');
    return {};
  }
  return kind.show(settings);
}
