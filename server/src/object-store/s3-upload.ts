/** Writes an object of unknown length to S3: in one request when it is small, in parts when it is not. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { Place } from './object-store.ts';
import { describeS3Fault } from './s3-faults.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

/** S3 takes at most 10,000 parts, and none but the last below 5 MB: objects of up to 160 GB. */
const partBytes = 16 * 1024 * 1024;

export async function uploadWhole(
  client: S3Client,
  sdk: Sdk,
  { bucket, key }: Place,
  content: AsyncIterable<Buffer>,
): Promise<void> {
  const target = { Bucket: bucket, Key: key };
  const parts = cut(content);
  const first = (await parts.next()).value ?? Buffer.alloc(0);
  if (first.length < partBytes) {
    await send(client.send(new sdk.PutObjectCommand({ ...target, Body: first })));
    return;
  }
  await abandonFormer(client, sdk, target);
  const { UploadId } = await send(client.send(new sdk.CreateMultipartUploadCommand(target)));
  const upload = { ...target, UploadId };
  try {
    const Parts = [{ ETag: await uploadPart(client, sdk, upload, 1, first), PartNumber: 1 }];
    for await (const part of parts) {
      const PartNumber = Parts.length + 1;
      Parts.push({ ETag: await uploadPart(client, sdk, upload, PartNumber, part), PartNumber });
    }
    await send(client.send(new sdk.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } })));
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
  const { ETag } = await send(client.send(new sdk.UploadPartCommand({ ...upload, PartNumber, Body })));
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
