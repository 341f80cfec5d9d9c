/** Why a whole file cannot be imported or written, in a sentence that may be shown. */
import { ObjectStoreError } from '../../object-store/index.ts';

export class FileFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FileFault';
  }
}

/** @returns undefined for an error that says nothing of the file */
export function fileFaultOf(error: unknown): string | undefined {
  return error instanceof FileFault || error instanceof ObjectStoreError ? error.message : undefined;
}
