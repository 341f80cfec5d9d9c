/** `repoint erasure`: receipts written to files, checked with and without a database, and the key that signs them. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkStoredChains,
  createReceiptSigner,
  everyReceipt,
  ReceiptFault,
  readPublicKey,
  type StoredReceipt,
  toPem,
  type VerifiedReceipt,
  verifyChains,
  verifyReceipt,
} from '../domains/erasure/index.ts';
import type { Configuration } from '../kernel/configuration.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { withDeployment } from './deployment.ts';

export interface VerifyOptions {
  readonly publicKey?: string;
}

/** Without any deployment: on the machine of whoever wants to know. @throws OperatorError when any of them is not good */
export async function verifyReceipts(files: readonly string[], { publicKey }: VerifyOptions): Promise<void> {
  const trusted = publicKey === undefined ? undefined : [await trustedKey(publicKey)];
  const verified: VerifiedReceipt[] = [];
  const faults: string[] = [];
  for (const file of files) {
    const bytes = await readGiven(file);
    try {
      const found = verifyReceipt(bytes, trusted);
      verified.push(found);
      console.log(`good  ${file}: ${describe(found)}`);
    } catch (error) {
      faults.push(`${file}: ${sayFault(error)}`);
    }
  }
  faults.push(...chainFaults(verified));
  if (trusted === undefined && verified.length > 0) {
    const keys = [...new Set(verified.map(({ receipt }) => receipt.key))];
    console.log(`Signed with key ${keys.join(', ')}. Give --public-key to know whose key it is.`);
  }
  if (faults.length > 0) throw new OperatorError(faults.join('\n'));
}

function chainFaults(verified: readonly VerifiedReceipt[]): string[] {
  try {
    for (const { account, first, last } of verifyChains(verified)) {
      if (first < last) console.log(`Receipts ${first} to ${last} of account ${account} follow each other.`);
    }
    return [];
  } catch (error) {
    return [sayFault(error)];
  }
}

function describe({ receipt: { number, erasure } }: VerifiedReceipt): string {
  return `receipt ${number}, ${erasure.kind} ${erasure.id}, ${erasure.state}, ${erasure.erased} erased`;
}

/** The file, or the key itself. */
async function trustedKey(given: string): Promise<string> {
  const text = await readFile(given, 'utf8').catch(() => given);
  try {
    return readPublicKey(text);
  } catch (error) {
    throw new OperatorError(sayFault(error), { cause: error });
  }
}

async function readGiven(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new OperatorError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`, { cause: error });
  }
}

function sayFault(error: unknown): string {
  if (error instanceof ReceiptFault) return error.message;
  throw error;
}

export interface ReceiptOptions {
  readonly account?: string;
  readonly project?: string;
  /** A directory: a file each. */
  readonly out?: string;
}

/** Without `out` one JSON document a line: also of projects and accounts that are not there any more. */
export async function printReceipts(
  configuration: Configuration,
  { account, project, out }: ReceiptOptions,
  kinds?: readonly StoredReceipt['kind'][],
): Promise<void> {
  await withDeployment(configuration, async ({ database }) => {
    if (out !== undefined) await mkdir(out, { recursive: true });
    let written = 0;
    for await (const receipt of everyReceipt(database.query, account)) {
      if (project !== undefined && receipt.projectId !== project) continue;
      if (kinds !== undefined && !kinds.includes(receipt.kind)) continue;
      if (out === undefined) console.log(receipt.document);
      // Byte for byte: nothing behind it.
      else await writeFile(join(out, fileNameOf(receipt)), receipt.document, { mode: 0o600 });
      written += 1;
    }
    if (out !== undefined) console.log(`${written} receipts in ${out}.`);
  });
}

export function fileNameOf({
  accountId,
  number,
  erasureId,
}: Pick<StoredReceipt, 'accountId' | 'number' | 'erasureId'>) {
  return `receipt-${accountId}-${String(number).padStart(7, '0')}-${erasureId}.json`;
}

/** The stored chains as a whole: whether any receipt was changed, replaced or taken out. @throws OperatorError */
export async function checkReceipts(configuration: Configuration): Promise<void> {
  await withDeployment(configuration, async ({ database }) => {
    const { receipts, chains, faults } = await checkStoredChains(database.query);
    if (faults.length > 0) throw new OperatorError(faults.join('\n'));
    console.log(`${receipts} receipts of ${chains} accounts are as they were signed, and none is missing.`);
  });
}

/** The public key, for whoever is to check receipts. */
export async function printReceiptKey(configuration: Configuration): Promise<void> {
  await withDeployment(configuration, async ({ masterKey }) => {
    const { key, publicKey } = createReceiptSigner(masterKey);
    console.error(`Key ${key}. Keep it where nobody who runs the server can change it.`);
    process.stdout.write(toPem(publicKey));
  });
}
