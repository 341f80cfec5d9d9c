/**
 * What a handler is: a typed function from an operation's input to its output. Everything around it (signature,
 * policy, decoding, project look-up, audit, encoding) happens in `http/`, driven by the contract.
 */
import type { OperationInputs, OperationName, OperationOutputs, ProjectOperationName } from '../contract/operations.ts';
import type { Transaction } from '../database/index.ts';
import type { Logger } from '../kernel/logger.ts';
import type { EventStream } from './event-stream.ts';
import type { FileDocument } from './file-document.ts';
import type { TextDocument } from './text-document.ts';
import type { AnsweredOperationName } from './unanswered.ts';

/** Who signed the request. */
export interface Caller {
  /** 12 digits. */
  readonly accountId: string;
  readonly userName: string;
  /** `arn:aws:iam::ACCOUNT:user/NAME` */
  readonly arn: string;
  readonly accessKeyId: string;
  /**
   * `session` for temporary credentials issued by sign-in; `anonymous`, with empty names, for sign-in itself;
   * `controller` for one who asks as OpenDSR, with a key of the project.
   */
  readonly kind: 'access key' | 'session' | 'anonymous' | 'command line' | 'controller';
  /** Address of the client, after trusted proxies. */
  readonly sourceAddress: string;
  /** Whether the request came over TLS, as far as the server can tell. */
  readonly secureTransport: boolean;
}

/** A project (Pinpoint's application) as every call that names one in its path receives it. */
export interface Project {
  /** Internal number: first column of every hot table's key. */
  readonly number: number;
  readonly accountId: string;
  readonly region: string;
  /** 32 hex characters. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
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
  /** Of the header `Idempotency-Key` (ours): operations that send answer a repeated call with the first result. */
  readonly idempotencyKey: string | undefined;
  /** Whether the header `Accept` names this content type. */
  accepts(contentType: string): boolean;
  /** Members of the body that are null, which decoding takes for absent: whoever merges clears them. */
  nullMembers(): readonly string[];
  /** Runs a change in one transaction which, for audited operations, also writes the audit entry. */
  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** The same, where every statement finds its rows by keys that are given: see `Database.keyedTransaction`. */
  keyedTransaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Names the resource in the audit entry when the path does not (a resource just created, an ARN in a body). */
  audited(resource: string): void;
}

export interface ProjectCall extends Call {
  /** Found in the caller's account and region when the request arrived. */
  readonly project: Project;
}

export type CallOf<Name extends OperationName> = Name extends ProjectOperationName ? ProjectCall : Call;

export type Handler<Name extends OperationName> = (
  input: OperationInputs[Name],
  call: CallOf<Name>,
) => Promise<OperationOutputs[Name] | TextDocument | EventStream | FileDocument>;

export type Handlers<Name extends OperationName> = { readonly [Operation in Name]: Handler<Operation> };

/** Every operation that has a handler. One that is missing here must stand in `unanswered.ts`, or app.ts does not compile. */
export type HandlerTable = Handlers<AnsweredOperationName>;
