/** The 31 channel operations: get, update and delete of every kind in the table, and GetChannels. */
import { operations } from '../../../contract/operations.ts';
import type { ChannelResponse } from '../../../contract/pinpoint-types.ts';
import type { Database } from '../../../database/index.ts';
import { toTimestamp } from '../../../kernel/clock.ts';
import { notFound } from '../../../kernel/errors.ts';
import type { MasterKey } from '../../../kernel/master-key.ts';
import type { Handlers, Project, ProjectCall } from '../../../operations/call.ts';
import { channelSource, type ProviderChange, tellChanged } from '../providers/change.ts';
import type { Providers } from '../providers/providers.ts';
import { type ChannelKind, type ChannelKindName, channelKinds, type Members } from './kinds.ts';
import { openMembers, sealMembers } from './members.ts';
import { findChannel, listChannels, lockChannels, putChannel, type StoredChannel } from './store.ts';

type Operation = 'GetChannels' | `${'Get' | 'Update' | 'Delete'}${ChannelKindName}Channel`;

interface Parts {
  readonly database: Database;
  readonly masterKey: MasterKey;
  readonly providers: Providers;
}

type Request = Readonly<Record<string, unknown>>;

export function channelOperations(parts: Parts): Handlers<Operation> {
  const { query } = parts.database;
  const ofKinds = channelKinds.flatMap((kind) => {
    const member = operations[`Update${kind.name}Channel`].payload?.member ?? '';
    return [
      [`Get${kind.name}Channel`, (_input: Request, call: ProjectCall) => get(parts, kind, call)],
      [
        `Update${kind.name}Channel`,
        (input: Request, call: ProjectCall) => update(parts, kind, input[member] as Request, call),
      ],
      [`Delete${kind.name}Channel`, (_input: Request, call: ProjectCall) => archive(parts, kind, call)],
    ];
  });
  return {
    // The table has a kind for every name in `Operation`; types cannot follow names that are put together.
    ...(Object.fromEntries(ofKinds) as Handlers<Exclude<Operation, 'GetChannels'>>),

    async GetChannels(_input, { project }) {
      const channels = await listChannels(query, project.number);
      return {
        Channels: Object.fromEntries(channels.map((channel) => [channel.channelType, toCommon(project, channel)])),
      };
    },
  };
}

async function get({ database, masterKey }: Parts, kind: ChannelKind, { project }: ProjectCall) {
  const channel = await findChannel(database.query, project.number, kind.channelType);
  if (channel === undefined) throw notFound();
  return toResponse(masterKey, kind, project, channel);
}

async function update(parts: Parts, kind: ChannelKind, request: Request, call: ProjectCall) {
  const { project, now } = call;
  return change(parts, kind, call, (stored) => {
    // What was deleted begins anew, but for its version.
    const before = stored?.archived === true ? undefined : stored;
    const enabled = typeof request['Enabled'] === 'boolean' ? request['Enabled'] : (before?.enabled ?? true);
    const kept = kind.secret && before !== undefined ? openMembers(parts.masterKey, project.number, before) : {};
    const { given, members } = merge(kind, kept, request);
    const checked = kind.check(members, { given, enabled, now });
    return {
      channelType: kind.channelType,
      version: (stored?.version ?? 0) + 1,
      enabled,
      archived: false,
      settings: kind.secret ? null : checked,
      sealedSettings: kind.secret ? sealMembers(parts.masterKey, project.number, kind.channelType, checked) : null,
      createdAt: stored?.createdAt ?? now,
      lastModifiedAt: now,
      lastModifiedBy: call.caller.arn,
    };
  });
}

/** Switches a channel off and forgets its settings. That it was there is still told (dossier/messaging §8.1). */
async function archive(parts: Parts, kind: ChannelKind, call: ProjectCall) {
  return change(parts, kind, call, (stored) => {
    if (stored === undefined) throw notFound();
    const emptied = { enabled: false, archived: true, settings: null, sealedSettings: null };
    return { ...stored, ...emptied, lastModifiedAt: call.now, lastModifiedBy: call.caller.arn };
  });
}

async function change(
  { masterKey, providers }: Parts,
  kind: ChannelKind,
  call: ProjectCall,
  next: (stored: StoredChannel | undefined) => StoredChannel,
) {
  const { project } = call;
  const changed = await call.transaction(async (tx) => {
    await lockChannels(tx, project.number);
    const channel = next(await findChannel(tx, project.number, kind.channelType));
    await putChannel(tx, project.number, channel);
    await tellChanged(tx, toChange(project, kind, channel));
    return channel;
  });
  providers.forget(toChange(project, kind, changed));
  return toResponse(masterKey, kind, project, changed);
}

/** An empty text takes a member away, as Terraform's provider means it. */
function merge(kind: ChannelKind, kept: Members, request: Request): { given: Members; members: Members } {
  const texts = kind.members.flatMap((name) => {
    const value = request[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const given = Object.fromEntries(texts.filter(([, value]) => value !== ''));
  const taken = new Set(texts.flatMap(([name, value]) => (value === '' ? [name] : [])));
  const left = Object.entries(kept).filter(([name]) => !taken.has(name));
  return { given, members: { ...Object.fromEntries(left), ...given } };
}

function toResponse(masterKey: MasterKey, kind: ChannelKind, project: Project, channel: StoredChannel) {
  return {
    ...toCommon(project, channel),
    Platform: kind.channelType,
    ...kind.show(openMembers(masterKey, project.number, channel)),
  };
}

function toCommon(project: Project, channel: StoredChannel): ChannelResponse {
  return {
    ApplicationId: project.id,
    CreationDate: toTimestamp(channel.createdAt),
    Enabled: channel.enabled,
    HasCredential: channel.sealedSettings !== null,
    Id: channel.channelType.toLowerCase(),
    IsArchived: channel.archived,
    LastModifiedBy: channel.lastModifiedBy,
    LastModifiedDate: toTimestamp(channel.lastModifiedAt),
    Version: channel.version,
  };
}

/** The native service of this channel type may have other credentials now, and messaging other defaults. */
function toChange(project: Project, kind: ChannelKind, { version, archived }: StoredChannel): ProviderChange {
  const change = {
    scope: { projectNumber: project.number },
    source: channelSource(project.number, kind.channelType),
  };
  return archived ? change : { ...change, version };
}
