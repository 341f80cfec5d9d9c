/**
 * What a handler is: a typed function from an operation's input to its output. Everything around it (signature,
 * policy, decoding, project look-up, audit, encoding) happens in `http/`, driven by the contract.
 */
import type { OperationInputs, OperationName, OperationOutputs, ProjectOperationName } from '../contract/operations.ts';
import type { Transaction } from '../database/index.ts';
import type { Logger } from '../kernel/logger.ts';

/** Who signed the request. */
export interface Caller {
  /** 12 digits. */
  readonly accountId: string;
  readonly userName: string;
  /** `arn:aws:iam::ACCOUNT:user/NAME` */
  readonly arn: string;
  readonly accessKeyId: string;
  /** `session` for temporary credentials issued by sign-in. */
  readonly kind: 'access key' | 'session';
  /** Address of the client, after trusted proxies. */
  readonly sourceAddress: string;
}

/** The project named in the path, already found in the caller's account and region. */
export interface CallProject {
  /** Internal number: first column of every hot table's key. */
  readonly number: number;
  /** 32 hex characters. */
  readonly id: string;
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Call {
  readonly requestId: string;
  readonly operation: OperationName;
  readonly caller: Caller;
  /** Region of the credential scope. */
  readonly region: string;
  /** The moment the request was accepted; every timestamp of one call is this one. */
  readonly now: Date;
  readonly logger: Logger;
  /** Runs a change in one transaction which, for audited operations, also writes the audit entry. */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Names the resource in the audit entry when the path does not (a resource just created, an ARN in a body). */
  audited(resource: string): void;
}

export interface ProjectCall extends Call {
  readonly project: CallProject;
}

export type CallOf<Name extends OperationName> = Name extends ProjectOperationName ? ProjectCall : Call;

export type Handler<Name extends OperationName> = (
  input: OperationInputs[Name],
  call: CallOf<Name>,
) => Promise<OperationOutputs[Name]>;

export type Handlers<Name extends OperationName> = { readonly [Operation in Name]: Handler<Operation> };

/** Marks operations that answer 501. Removing a name from its list without writing the handler does not compile. */
export const notImplemented = 'not implemented';

export type HandlerTable = { readonly [Operation in OperationName]: Handler<Operation> | typeof notImplemented };
