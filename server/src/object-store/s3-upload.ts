/**
 * Writes an object of unknown length to S3: in one request when it is small, in parts when it is not. The server compares
 * each with its MD5, so that nothing is stored that was damaged on the way.
 */
import { hash } from 'node:crypto';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import type { Place } from './object-store.ts';
import { describeS3Fault } from './s3-faults.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

/** S3 takes at most 10,000 parts, and none but the last below 5 MB: objects of up to 160 GB. */
const partBytes = 16 * 1024 * 1024;

export interface UploadTarget extends Place {
  /** What the object is to be besides its content. */
  readonly properties?: Omit<PutObjectCommandInput, 'Bucket' | 'Key' | 'Body'>;
  /** Only as long as this version stands there; servers that know no conditions are asked a moment before. */
  readonly inPlaceOf?: string;
  /** @throws when something else stands there */
  readonly beforeTheEnd?: () => Promise<unknown>;
}

/** @returns the version that was written, where the bucket keeps versions */
export async function uploadWhole(
  client: S3Client,
  sdk: Sdk,
  { bucket, key, properties, inPlaceOf, beforeTheEnd }: UploadTarget,
  content: AsyncIterable<Buffer>,
): Promise<string | undefined> {
  const target = { Bucket: bucket, Key: key };
  const condition = inPlaceOf !== undefined && { IfMatch: inPlaceOf };
  const parts = cut(content);
  const first = (await parts.next()).value ?? Buffer.alloc(0);
  if (first.length < partBytes) {
    await beforeTheEnd?.();
    const whole = { ...properties, ...target, ...condition, Body: first, ContentMD5: hash('md5', first, 'base64') };
    return (await send(client.send(new sdk.PutObjectCommand(whole)))).VersionId;
  }
  await abandonFormer(client, sdk, target);
  const { UploadId } = await send(client.send(new sdk.CreateMultipartUploadCommand({ ...properties, ...target })));
  const upload = { ...target, UploadId };
  try {
    const Parts = [{ ETag: await uploadPart(client, sdk, upload, 1, first), PartNumber: 1 }];
    for await (const part of parts) {
      const PartNumber = Parts.length + 1;
      Parts.push({ ETag: await uploadPart(client, sdk, upload, PartNumber, part), PartNumber });
    }
    await beforeTheEnd?.();
    const whole = { ...upload, ...condition, MultipartUpload: { Parts } };
    return (await send(client.send(new sdk.CompleteMultipartUploadCommand(whole)))).VersionId;
  } catch (error) {
    // The fault that led here is the one to report; the next upload of this key tries again.
    await client.send(new sdk.AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

async function uploadPart(
  client: S3Client,
  sdk: Sdk,
  upload: { Bucket: string; Key: string; UploadId: string | undefined },
  PartNumber: number,
  Body: Buffer,
): Promise<string | undefined> {
  const part = { ...upload, PartNumber, Body, ContentMD5: hash('md5', Body, 'base64') };
  const { ETag } = await send(client.send(new sdk.UploadPartCommand(part)));
  return ETag;
}

/** Parts that a killed process left behind would be stored, unseen, for ever. */
async function abandonFormer(client: S3Client, sdk: Sdk, target: { Bucket: string; Key: string }): Promise<void> {
  try {
    const { Uploads = [] } = await client.send(
      new sdk.ListMultipartUploadsCommand({ Bucket: target.Bucket, Prefix: target.Key }),
    );
    for (const { Key, UploadId } of Uploads) {
      if (Key === target.Key) await client.send(new sdk.AbortMultipartUploadCommand({ ...target, UploadId }));
    }
  } catch {
    // Not every server has such a list, nor every role the permission.
  }
}

/** The last one may be short; without content there is none. */
async function* cut(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes < partBytes) continue;
    yield Buffer.concat(chunks);
    chunks = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(chunks);
}

async function send<Output>(request: Promise<Output>): Promise<Output> {
  try {
    return await request;
  } catch (error) {
    throw describeS3Fault(error);
  }
}
