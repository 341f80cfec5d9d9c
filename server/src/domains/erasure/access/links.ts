/** Links to archives hold what they mean, sealed, and end when the archive does: whoever has one needs nothing else. */
import type { MasterKey } from '../../../kernel/master-key.ts';
import { openWith, sealWith } from '../../../kernel/master-key.ts';
import type { RequestKey } from '../requests/request.ts';

/** Below the public URL of the deployment. */
export const archivePath = '/access-archives/';
const context = 'access archive link';

type Packed = readonly [number, string, number];

export class ArchiveLinks {
  readonly #key: Buffer;
  readonly #publicUrl: string;

  /** Without a public URL, links are paths. */
  constructor(masterKey: MasterKey, publicUrl: string | undefined) {
    this.#key = masterKey.derive('access archive links');
    this.#publicUrl = (publicUrl ?? '').replace(/\/+$/, '');
  }

  make({ projectNumber, id }: RequestKey, expiresAt: Date): string {
    const packed: Packed = [projectNumber, id, expiresAt.getTime()];
    return `${this.#publicUrl}${archivePath}${sealWith(this.#key, context, JSON.stringify(packed)).toString('base64url')}`;
  }

  /** Undefined for what this deployment did not make, and for what has expired. */
  read(token: string, now: Date): RequestKey | undefined {
    try {
      const [projectNumber, id, end] = JSON.parse(
        openWith(this.#key, context, Buffer.from(token, 'base64url')),
      ) as Packed;
      return now.getTime() < end ? { projectNumber, id } : undefined;
    } catch {
      return undefined;
    }
  }
}
