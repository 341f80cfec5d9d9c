/** What goes into the ledger, told by those who accept it. */
import type { Subject, Transaction } from '../../../database/index.ts';
import type { ErasureHook } from '../parts.ts';
import { erases } from '../requests/request.ts';
import type { PeopleErased, PieceOfRequest } from './entry.ts';
import type { LedgerHashes } from './hashes.ts';
import type { Ledger } from './ledger.ts';

export function ledgerHook(ledger: Ledger, hashes: LedgerHashes): ErasureHook {
  const people = async (tx: Transaction, subject: Subject, mode: PeopleErased['mode'], of?: PieceOfRequest) => {
    const { accountId, projectNumber, through } = subject;
    if (through === undefined) throw new Error('An erasure was accepted without its moment.');
    await ledger.append(tx, accountId, {
      ...{ kind: 'PEOPLE', projectNumber, mode, generation: through.generation, through: through.at.toISOString() },
      ...(of && { of }),
      ...hashes.of(subject),
    });
  };
  return {
    async accepting(tx, { id: requestId, piece, mode, subject, through }) {
      if (!erases(mode)) return;
      await people(tx, { ...subject, through }, mode as PeopleErased['mode'], { requestId, piece });
    },
    deleting: (tx, subject) => people(tx, subject, 'DELETED'),
    suppressing: (tx, { accountId, projectNumber, change, identities }) =>
      ledger.append(tx, accountId, {
        ...{ kind: 'SUPPRESSION', projectNumber, change },
        identities: identities.map((each) => each.toString('hex')),
      }),
  };
}
