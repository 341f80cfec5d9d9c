/** Reads `model/pinpoint-overlay.yaml`: rules with lists of exceptions, turned around into answers per operation. */
import { parse } from 'yaml';
import type { OperationDefinition } from '../../server/src/operations/definition.ts';

type Audit = OperationDefinition['audit'];

/** What the overlay says of an operation; undefined where the rule holds. */
export interface Overlay {
  /** With `{operation}` where the name goes. */
  readonly action: string;
  resourceOf(operation: string): string | undefined;
  auditOf(operation: string): Audit | undefined;
  quotaOf(operation: string): number | undefined;
  isTaggable(resource: string): boolean;
  /** Whether the lists of a member may be lone values: `EndpointUser.UserAttributes`. */
  takesLoneValues(member: string): boolean;
  /** Whether a member is answered item by item: `EventsBatch.Events`. */
  holdsItems(member: string): boolean;
  bodyLimitOf(operation: string): number | undefined;
}

interface OverlayFile {
  readonly action: string;
  readonly resources: Readonly<Record<string, readonly string[]>>;
  readonly taggable: readonly string[];
  readonly audit: Readonly<Record<string, readonly string[]>>;
  readonly quotas: Readonly<Record<string, readonly string[]>>;
  readonly loneValues: readonly string[];
  readonly items: readonly string[];
  readonly bodyLimits: Readonly<Record<string, readonly string[]>>;
}

const audits: readonly string[] = ['read', 'change', 'data', 'none'] satisfies Audit[];

/** @throws Error when a name in it is no operation, or stands twice in one section. */
export function readOverlay(text: string, operations: readonly string[]): Overlay {
  const file = parse(text) as OverlayFile;
  const resources = turnAround('resources', file.resources, operations);
  const kinds = turnAround('audit', file.audit, operations);
  const quotas = turnAround('quotas', file.quotas, operations);
  const bodyLimits = turnAround('bodyLimits', file.bodyLimits, operations);
  for (const kind of kinds.values()) if (!audits.includes(kind)) throw new Error(`overlay: no audit is called ${kind}`);
  for (const rate of quotas.values()) if (!(Number(rate) > 0)) throw new Error(`overlay: ${rate} is not a rate`);
  for (const limit of bodyLimits.values()) if (!(Number(limit) > 0)) throw new Error(`overlay: ${limit} is no size`);
  return {
    action: file.action,
    resourceOf: (operation) => resources.get(operation),
    auditOf: (operation) => kinds.get(operation) as Audit | undefined,
    quotaOf: (operation) => {
      const rate = quotas.get(operation);
      return rate === undefined ? undefined : Number(rate);
    },
    isTaggable: (resource) => file.taggable.includes(resource),
    takesLoneValues: (member) => file.loneValues.includes(member),
    holdsItems: (member) => file.items.includes(member),
    bodyLimitOf: (operation) => {
      const limit = bodyLimits.get(operation);
      return limit === undefined ? undefined : Number(limit);
    },
  };
}

function turnAround(
  section: string,
  lists: Readonly<Record<string, readonly string[]>>,
  operations: readonly string[],
): Map<string, string> {
  const found = new Map<string, string>();
  for (const [value, names] of Object.entries(lists)) {
    for (const name of names) {
      if (!operations.includes(name)) throw new Error(`overlay, ${section}: ${name} is not an operation`);
      if (found.has(name)) throw new Error(`overlay, ${section}: ${name} stands there twice`);
      found.set(name, value);
    }
  }
  return found;
}
