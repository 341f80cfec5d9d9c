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
  const resource = definition.resource.replace(/\{([^}]+)\}/g, (_match, label: string) => labels[label] ?? '');
  if (resource.startsWith('arn:') || resource === '*') return resource;
  return `arn:aws:${arnService[definition.service]}:${region}:${accountId}:${resource}`;
}

/** The tag operations are about whatever ARN stands in their path. */
export function namesArn(definition: Pick<OperationDefinition, 'resource'>): boolean {
  return definition.resource === '{resource-arn}';
}
