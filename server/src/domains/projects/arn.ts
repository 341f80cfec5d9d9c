/** Resource names of the Pinpoint API: `arn:aws:mobiletargeting:REGION:ACCOUNT:RESOURCE` (dossier/audience §7.2). */
import { badRequest } from '../../kernel/errors.ts';

export interface ResourceName {
  readonly region: string;
  readonly accountId: string;
  /** What stands behind the account: `apps/ID`, `templates/NAME/EMAIL`. */
  readonly resource: string;
}

export function formatArn({ region, accountId, resource }: ResourceName): string {
  return `arn:aws:mobiletargeting:${region}:${accountId}:${resource}`;
}

/** @throws BadRequestException when it is not an ARN of this service. */
export function parseArn(arn: string): ResourceName {
  const match = /^arn:aws:mobiletargeting:(?<region>[a-z0-9-]{1,32}):(?<accountId>[0-9]{12}):(?<resource>.+)$/s.exec(
    arn,
  );
  const { region, accountId, resource } = match?.groups ?? {};
  if (region === undefined || accountId === undefined || resource === undefined) {
    throw badRequest('ResourceArn is not an ARN of this service');
  }
  return { region, accountId, resource };
}
