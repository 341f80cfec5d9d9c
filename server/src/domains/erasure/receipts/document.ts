/**
 * What a receipt says (E18): which erasure, what kinds of identities, which places with counts, what was kept and why, when,
 * by which version, and what is physically still to come. It outlives whatever it is about, so it names nobody: no
 * identity, no name of a file, no caller's own id, and hashes of any of them only under a key of the deployment.
 */
import type { Json } from '../../../kernel/canonical-json.ts';

export const receiptFormat = 'repoint-erasure-receipt/1';

export type ReceiptKind = 'PERSON' | 'FILES' | 'PROJECT' | 'ACCOUNT';

export interface ReceiptPlace {
  readonly [name: string]: Json;
  /** A location of the inventory, or a table of it. */
  readonly name: string;
  readonly found: number;
  readonly erased: number;
  /** Kept under holds; see `kept`. */
  readonly retained: number;
  /** Found by the search afterwards. */
  readonly left: number;
}

export interface ReceiptKept {
  readonly [name: string]: Json;
  readonly place: string;
  readonly count: number;
  readonly reason: string;
  /** ISO 8601; null: until somebody removes it. */
  readonly until: string | null;
}

export interface ReceiptSkipped {
  readonly [name: string]: Json;
  /** Keyed hash of what it is called: GetErasureRequest and GetFileErasureKept tell the name. */
  readonly what: string;
  readonly why: string;
}

/** Of one erasure, as whoever ended it tells it. */
export interface ErasureFacts {
  readonly [name: string]: Json;
  readonly kind: ReceiptKind;
  readonly id: string;
  readonly project: { readonly id: string; readonly region: string } | null;
  /** The erasure of the account that this one of a project belongs to. */
  readonly partOf: string | null;
  readonly mode: string;
  readonly origin: string;
  readonly state: string;
  readonly receivedAt: string;
  readonly acceptedAt: string | null;
  readonly completedAt: string;
  /** Of people: how many identities of each type were named, and whom they stood for. Null for a whole project or account. */
  readonly subject: {
    readonly identities: Readonly<Record<string, number>>;
    readonly endpoints: number;
    readonly users: number;
    readonly addresses: number;
    /** False: nobody was found. */
    readonly matched: boolean;
  } | null;
  readonly places: readonly ReceiptPlace[];
  readonly kept: readonly ReceiptKept[];
  readonly skipped: readonly ReceiptSkipped[];
  /** Messages that a provider had, or was being given, at the acceptance. */
  readonly messagesUnderWay: number;
  /** How often everything was gone through again because rows were found. */
  readonly repeated: number;
  /** Of what was found and erased altogether. */
  readonly erased: number;
}

export interface ReceiptStatement {
  readonly [name: string]: Json;
  readonly format: typeof receiptFormat;
  readonly account: string;
  /** Its place in the chain of the account, from 1. */
  readonly number: number;
  /** SHA-256 of the receipt before it, byte for byte; null for the first. */
  readonly previous: string | null;
  readonly issuedAt: string;
  readonly software: string;
  readonly erasure: ErasureFacts;
  /** The last entry of the erasure ledger when the receipt was made; null where no ledger is kept. */
  readonly ledgerHead: string | null;
  readonly physical: Physical;
  readonly algorithm: 'Ed25519';
  /** Thumbprint of the public key (RFC 7638). */
  readonly key: string;
  /** As in a JSON Web Key (RFC 8037): 32 bytes, base64url. */
  readonly publicKey: string;
}

/** The signature is over the canonical spelling of everything else. */
export interface Receipt extends ReceiptStatement {
  /** 64 bytes, base64url. */
  readonly signature: string;
}

/** When the bytes themselves are gone. */
export interface Physical {
  readonly [name: string]: Json;
  readonly database: 'embedded' | 'external';
  /** Of the embedded database; null: it is the operator's to say. */
  readonly withinHours: number | null;
  readonly stillToCome: readonly string[];
}

const everywhere = [
  'Backups made before keep what they have until they are deleted; a restore erases again what the ledger lists.',
];

export function physicalOf(database: Physical['database']): Physical {
  if (database === 'embedded') {
    return {
      database,
      withinHours: 24,
      stillToCome: [
        'Data files, write-ahead log and temporary files of the embedded database lose the bytes within the bound.',
        ...everywhere,
      ],
    };
  }
  return {
    database,
    withinHours: null,
    stillToCome: [
      'The database server is run by its operator: rows are gone for every query; their bytes leave data files with its vacuum.',
      'Write-ahead log, archives of it, replicas and snapshots of that server lose them as its operator keeps those.',
      ...everywhere,
    ],
  };
}
