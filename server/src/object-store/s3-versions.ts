/** What S3 keeps under a name besides the object that is seen: former versions, marks of deletion, unfinished uploads. */
import type { ListObjectVersionsCommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { KeptVersion, ObjectVersion, Place, StoredObject } from './object-store.ts';
import { describeS3Fault, statusOf } from './s3-faults.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

export interface OpenS3 {
  readonly client: S3Client;
  readonly sdk: Sdk;
}

/** Of one DeleteObjects. */
const mostAtOnce = 1000;

/**
 * @param list what a server is asked that knows no versions
 * @param exactly only of this one name, which is the first of all that begin with it
 */
export async function* listS3Versions(
  { client, sdk }: OpenS3,
  { bucket, key }: Place,
  list: () => AsyncIterable<StoredObject>,
  exactly = false,
): AsyncGenerator<ObjectVersion> {
  let from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const request = new sdk.ListObjectVersionsCommand({ Bucket: bucket, Prefix: key, ...from });
    const page = await client.send(request).catch((error: unknown) => {
      if (knowsNoVersions(error)) return undefined;
      throw describeS3Fault(error);
    });
    if (page === undefined) break;
    const versions = versionsOf(bucket, page);
    const wanted = exactly ? versions.filter((version) => version.key === key) : versions;
    yield* wanted;
    if (!page.IsTruncated || wanted.length < versions.length) return;
    from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
  for await (const object of list()) yield { ...object, kind: 'content', isCurrent: true };
}

function versionsOf(bucket: string, { Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput) {
  const described = (
    kind: ObjectVersion['kind'],
    { Key = '', VersionId, IsLatest, ...rest }: { Key?: string; VersionId?: string; IsLatest?: boolean } & Content,
  ): ObjectVersion => ({
    ...{ bucket, key: Key, bytes: rest.Size ?? 0, version: rest.ETag ?? '', kind, isCurrent: IsLatest ?? true },
    ...(VersionId !== undefined && { versionId: VersionId }),
  });
  return [
    ...Versions.map((version) => described('content', version as object)),
    ...DeleteMarkers.map((marker) => described('delete marker', marker as object)),
  ];
}

interface Content {
  readonly Size?: number;
  readonly ETag?: string;
}

function knowsNoVersions(error: unknown): boolean {
  return [405, 501].includes(statusOf(error) ?? 0);
}

/** @returns those that the store keeps */
export async function removeS3Versions(s3: OpenS3, versions: readonly ObjectVersion[]): Promise<KeptVersion[]> {
  const kept: KeptVersion[] = [];
  for (const group of Map.groupBy(versions, ({ bucket }) => bucket).values()) {
    for (let first = 0; first < group.length; first += mostAtOnce) {
      kept.push(...(await removeSome(s3, group.slice(first, first + mostAtOnce))));
    }
  }
  return kept;
}

async function removeSome(s3: OpenS3, versions: readonly ObjectVersion[]): Promise<KeptVersion[]> {
  const { client, sdk } = s3;
  const Objects = versions.map(({ key, versionId }) => ({
    Key: key,
    ...(versionId !== undefined && { VersionId: versionId }),
  }));
  const request = new sdk.DeleteObjectsCommand({ Bucket: versions[0]?.bucket, Delete: { Objects, Quiet: true } });
  const { Errors = [] } = await client.send(request).catch((error: unknown) => {
    throw describeS3Fault(error);
  });
  const kept = new Map<ObjectVersion, string>();
  for (const { Key, VersionId, Code } of Errors) {
    if (Code === 'NoSuchKey' || Code === 'NoSuchVersion') continue;
    const named = versions.filter(({ key, versionId }) => key === Key && (VersionId ?? versionId) === versionId);
    for (const version of named.filter((each) => !kept.has(each))) {
      // Some servers only name the object.
      const isSure = VersionId !== undefined || version.versionId === undefined;
      const code = isSure ? Code : await removeOne(s3, version);
      if (isSure || code !== undefined) kept.set(version, await reasonOf(s3, version, code));
    }
  }
  return [...kept].map(([version, reason]) => ({ version, reason }));
}

/** @returns the code of a refusal */
async function removeOne(
  { client, sdk }: OpenS3,
  { bucket, key, versionId }: ObjectVersion,
): Promise<string | undefined> {
  try {
    await client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    return undefined;
  } catch (error) {
    const { fault } = describeS3Fault(error);
    if (fault === 'unavailable') throw describeS3Fault(error);
    return fault === 'missing' ? undefined : error instanceof Error ? error.name : fault;
  }
}

/** The store itself only says that it refuses. */
async function reasonOf({ client, sdk }: OpenS3, version: ObjectVersion, code = 'without a reason'): Promise<string> {
  const refused = `The object store refused to remove it (${code}).`;
  if (version.kind === 'delete marker') return refused;
  const { bucket, key, versionId } = version;
  const request = { Bucket: bucket, Key: key, ...(versionId !== undefined && { VersionId: versionId }) };
  try {
    const head = await client.send(new sdk.HeadObjectCommand(request));
    if (head.ObjectLockLegalHoldStatus === 'ON') return 'A legal hold of the object store keeps it.';
    const until = head.ObjectLockRetainUntilDate;
    if (until === undefined) return refused;
    return `Object Lock (${head.ObjectLockMode}) keeps it until ${until.toISOString()}.`;
  } catch {
    // Looking closer needs permissions of its own; that it was refused is said anyway.
    return refused;
  }
}

/** @returns how many there were */
export async function abandonS3Uploads({ client, sdk }: OpenS3, { bucket, key }: Place): Promise<number> {
  let abandoned = 0;
  let from: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
  try {
    for (;;) {
      const page = await client.send(new sdk.ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key, ...from }));
      for (const { Key, UploadId } of page.Uploads ?? []) {
        if (Key !== key && key !== '' && !key.endsWith('/')) continue;
        await client.send(new sdk.AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
        abandoned += 1;
      }
      if (!page.IsTruncated) return abandoned;
      from = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    }
  } catch (error) {
    if (knowsNoVersions(error)) return abandoned;
    throw describeS3Fault(error);
  }
}
