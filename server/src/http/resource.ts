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
  // Text and labels take turns.
  for (const [index, part] of partsOf(definition.resource).entries()) {
    resource += index % 2 === 0 ? part : (labels[part] ?? '');
  }
  if (resource.startsWith('arn:') || resource === '*') return resource;
  return `arn:aws:${arnService[definition.service]}:${region}:${accountId}:${resource}`;
}

const knownParts = new Map<string, readonly string[]>();

/** `apps/{a}/x` is `apps/`, `a`, `/x`. There are as many templates as operations, so all are remembered. */
function partsOf(template: string): readonly string[] {
  const parts = knownParts.get(template) ?? template.split(/\{([^}]+)\}/);
  knownParts.set(template, parts);
  return parts;
}

/** The tag operations are about whatever ARN stands in their path. */
export function namesArn(definition: Pick<OperationDefinition, 'resource'>): boolean {
  return definition.resource === '{resource-arn}';
}
