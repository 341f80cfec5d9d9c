/** The ARN that a request is about: what policies are asked and what the audit log names. */
import type { OperationDefinition } from '../operations/definition.ts';

const arnService = { pinpoint: 'mobiletargeting', repoint: 'repoint' } as const;

/** Fills the labels into the operation's resource template. The tag operations carry a whole ARN in their path. */
export function expandResource(
  definition: Pick<OperationDefinition, 'service' | 'resource'>,
  labels: Readonly<Record<string, string>>,
  accountId: string,
  region: string,
): string {
  let resource = '';
  for (const part of partsOf(definition.resource)) {
    if (typeof part === 'string') resource += part;
    else resource += part.inCapitals ? (labels[part.label] ?? '').toUpperCase() : (labels[part.label] ?? '');
  }
  if (resource.startsWith('arn:') || resource === '*') return resource;
  return `arn:aws:${arnService[definition.service]}:${region}:${accountId}:${resource}`;
}

interface Label {
  readonly label: string;
  /** Handlers take it in any case, policies must know it in one. */
  readonly inCapitals: boolean;
}

const knownParts = new Map<string, readonly (string | Label)[]>();

/**
 * `apps/{a}/x` is `apps/`, the label `a`, `/x`; `{a|capitals}` is the label in capitals. There are as many templates as
 * operations, so all are remembered.
 */
function partsOf(template: string): readonly (string | Label)[] {
  const known = knownParts.get(template);
  if (known !== undefined) return known;
  // Text and labels take turns.
  const parts = template.split(/\{([^}]+)\}/).map((part, index) => {
    if (index % 2 === 0) return part;
    const [label = '', form] = part.split('|');
    return { label, inCapitals: form === 'capitals' };
  });
  knownParts.set(template, parts);
  return parts;
}
