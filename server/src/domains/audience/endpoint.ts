/** What an endpoint is, inside: one way to reach one person, and what is known of them. */
import type { EndpointDemographic, EndpointLocation } from '../../contract/pinpoint-types.ts';
import { bucketOf, foldEndpointId } from '../../kernel/bucket.ts';
import { sha256 } from '../../kernel/sha256.ts';

/** Attribute name → values. Names are data: they may be `__proto__`, so maps are only ever spread or iterated. */
export type Lists = Readonly<Record<string, readonly string[]>>;
export type Numbers = Readonly<Record<string, number>>;

/** Where an endpoint stands in every table. */
export interface EndpointKey {
  readonly projectNumber: number;
  readonly bucket: number;
  /** Folded. */
  readonly id: string;
}

export interface StoredEndpoint extends EndpointKey {
  /** As it was first written. */
  readonly shownId: string;
  /** 0 until it is stored. */
  readonly generation: number;
  readonly channelType: string | null;
  readonly address: string | null;
  readonly optOut: 'ALL' | 'NONE';
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly cohort: number;
  readonly userId: string | null;
  readonly attributes: Lists;
  readonly metrics: Numbers;
  readonly demographic: EndpointDemographic;
  readonly location: EndpointLocation;
  /** Of an endpoint without a user; empty for one that has a user. */
  readonly userAttributes: Lists;
  readonly createdAt: Date;
  readonly effectiveAt: Date;
  readonly requestId: string;
}

export function endpointKey(projectNumber: number, endpointId: string): EndpointKey {
  const id = foldEndpointId(endpointId);
  return { projectNumber, bucket: bucketOf(id), id };
}

/** Equal for equal keys; for maps in memory only. */
export function keyText({ projectNumber, id }: Pick<EndpointKey, 'projectNumber' | 'id'>): string {
  return `${projectNumber} ${id}`;
}

/**
 * 0 to 99, about one per cent of the endpoints each (dossier/audience §2.3). A hash, so that an endpoint that is
 * deleted and written again stays in its cohort.
 */
export function cohortOf(applicationId: string, foldedId: string): number {
  return sha256(`${applicationId} ${foldedId}`).readUInt32BE(4) % 100;
}

/** A user of a project: what its endpoints have in common. */
export interface StoredUser {
  readonly projectNumber: number;
  readonly userId: string;
  readonly attributes: Lists;
  /** Folded ids, in the order in which they joined. */
  readonly endpointIds: readonly string[];
}
