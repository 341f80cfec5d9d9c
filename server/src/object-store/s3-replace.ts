/**
 * Puts new content in the place of an object. S3 shows it whole or not at all; it is read back before anybody gives up
 * what stood there, and where something else was written meanwhile, that is what stays.
 */
import { createHash } from 'node:crypto';
import type { HeadObjectCommandOutput, PutObjectCommandInput } from '@aws-sdk/client-s3';
import { ObjectStoreError, type StoredObject } from './object-store.ts';
import { describeS3Fault } from './s3-faults.ts';
import { uploadWhole } from './s3-upload.ts';
import type { OpenS3 } from './s3-versions.ts';

interface Replacement {
  readonly object: StoredObject;
  readonly content: AsyncIterable<Buffer>;
  read(object: StoredObject): AsyncIterable<Buffer>;
}

export async function replaceInS3(s3: OpenS3, { object, content, read }: Replacement): Promise<void> {
  const { client, sdk } = s3;
  const { bucket, key, version } = object;
  const checkUnchanged = async () => {
    const head = await look(s3, object);
    if (head.ETag !== version) throw changed();
    return head;
  };
  const properties = { ...propertiesOf(await checkUnchanged()), ...(await tagsOf(s3, object)) };
  const written = createHash('sha256');
  const target = { bucket, key, properties, inPlaceOf: version, beforeTheEnd: checkUnchanged };
  const uploaded = await uploadWhole(client, sdk, target, digesting(content, written));
  const { VersionId: versionId, ContentLength: bytes = 0, ETag = '' } = await look(s3, object);
  // Where no versions are kept, some servers name one nevertheless.
  if (versionId !== undefined && uploaded !== undefined && versionId !== uploaded) throw changed();
  const found = { bucket, key, bytes, version: ETag, ...(versionId !== undefined && { versionId }) };
  const there = createHash('sha256');
  for await (const chunk of read(found)) there.update(chunk);
  if (there.digest('hex') === written.digest('hex')) return;
  // What stood there before shows again.
  if (versionId !== undefined && versionId === uploaded) {
    await client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
  }
  throw new ObjectStoreError('unavailable', 'The object store gave back something else than was written.');
}

function changed(): ObjectStoreError {
  return new ObjectStoreError('changed', 'The object changed meanwhile.');
}

async function look({ client, sdk }: OpenS3, { bucket, key }: StoredObject): Promise<HeadObjectCommandOutput> {
  try {
    return await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key }));
  } catch (error) {
    const fault = describeS3Fault(error);
    throw fault.fault === 'missing' ? changed() : fault;
  }
}

function propertiesOf(head: HeadObjectCommandOutput): Partial<PutObjectCommandInput> {
  const given = {
    ...{ ContentType: head.ContentType, ContentEncoding: head.ContentEncoding, CacheControl: head.CacheControl },
    ...{ ContentDisposition: head.ContentDisposition, ContentLanguage: head.ContentLanguage },
    ...{ StorageClass: head.StorageClass, WebsiteRedirectLocation: head.WebsiteRedirectLocation },
    ...{ ServerSideEncryption: head.ServerSideEncryption, SSEKMSKeyId: head.SSEKMSKeyId },
    ...{ BucketKeyEnabled: head.BucketKeyEnabled, Metadata: head.Metadata },
  };
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Partial<PutObjectCommandInput>;
}

/** Not every server has tags, nor every role the permission: then they are lost, and the person still goes. */
async function tagsOf({ client, sdk }: OpenS3, { bucket, key }: StoredObject): Promise<{ Tagging?: string }> {
  try {
    const { TagSet = [] } = await client.send(new sdk.GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
    if (TagSet.length === 0) return {};
    return {
      Tagging: new URLSearchParams(TagSet.map(({ Key = '', Value = '' }): [string, string] => [Key, Value])).toString(),
    };
  } catch (error) {
    const fault = describeS3Fault(error);
    if (fault.fault === 'refused' || fault.fault === 'missing') return {};
    throw fault;
  }
}

async function* digesting(content: AsyncIterable<Buffer>, digest: ReturnType<typeof createHash>) {
  for await (const chunk of content) {
    digest.update(chunk);
    yield chunk;
  }
}
