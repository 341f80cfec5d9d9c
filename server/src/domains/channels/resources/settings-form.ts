/** The form of what channels are told besides keys: addresses, sender ids, short codes, ARNs (dossier/messaging §8.2). */
import { badRequest } from '../../../kernel/errors.ts';
import { readAddress, readMailbox } from '../email/addresses.ts';
import { EmailRefused } from '../email/refused.ts';
import type { Members } from './kinds.ts';

/** @throws BadRequestException when a member is missing or holds nothing but space */
export function checkNotEmpty(names: readonly string[]): (members: Members) => Members {
  return (members) => {
    for (const name of names) if ((members[name] ?? '').trim() === '') throw badRequest(`${name} must not be empty`);
    return members;
  };
}

export function checkEmail(members: Members): Members {
  const { FromAddress = '', Identity = '', ConfigurationSet, RoleArn, OrchestrationSendingRoleArn } = members;
  if (!isFromAddress(FromAddress)) {
    throw badRequest('FromAddress must be an e-mail address, alone or as Name <address>');
  }
  if (!isIdentity(Identity)) {
    throw badRequest('Identity must be the ARN of an e-mail identity, an e-mail address or a domain');
  }
  if (ConfigurationSet !== undefined && !/^[\w-]{1,64}$/.test(ConfigurationSet)) {
    throw badRequest('ConfigurationSet must have 1 to 64 letters, digits, dashes or underscores');
  }
  checkRole('RoleArn', RoleArn);
  checkRole('OrchestrationSendingRoleArn', OrchestrationSendingRoleArn);
  return members;
}

/** Two pages disagree on the shortest sender id; 1 to 11 are accepted (dossier/messaging §9.1). */
export function checkSms(members: Members): Members {
  const { SenderId, ShortCode } = members;
  if (SenderId !== undefined && !/^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/.test(SenderId)) {
    throw badRequest('SenderId must have 1 to 11 letters and digits, one letter at least');
  }
  if (ShortCode !== undefined && !/^\+?[0-9]{3,15}$/.test(ShortCode)) {
    throw badRequest('ShortCode must be a short code or a phone number: 3 to 15 digits');
  }
  return members;
}

/** `address` or `Name <address>`, one of them (dossier/messaging §8.2). */
export function isFromAddress(text: string): boolean {
  // The parser finds addresses among other words as well.
  const isForm = /^[^\s<]+$|>$/.test(text.trim());
  return isForm && isRead(() => readMailbox(text, 'FromAddress'));
}

function isEmailAddress(text: string): boolean {
  return isRead(() => readAddress(text, 'Identity'));
}

function isRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof EmailRefused) return false;
    throw error;
  }
}

function isDomain(text: string): boolean {
  return /^(?=.{1,253}$)([\p{L}\p{N}_]([\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?)(\.[\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?)*$/u.test(
    text,
  );
}

/** Whoever never had an AWS account has no ARN to name: what the ARN would end with is accepted as well. */
function isIdentity(text: string): boolean {
  const [, name = text] = /^arn:aws[a-z-]*:ses:[a-z0-9-]+:[0-9]{12}:identity\/(.+)$/.exec(text) ?? [];
  return isEmailAddress(name) || isDomain(name);
}

function checkRole(member: string, arn: string | undefined): void {
  if (arn !== undefined && !/^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]{1,512}$/.test(arn)) {
    throw badRequest(`${member} must be the ARN of an IAM role`);
  }
}
