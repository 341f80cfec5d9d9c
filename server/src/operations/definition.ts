/**
 * One operation as data: everything the request chain has to know about it. The table of all of them, and this type
 * with its members explained, are generated into `contract/operations.ts`, which imports nothing of ours.
 */
export type { OperationDefinition } from '../contract/operations.ts';
