/** The file of a Google service account, as text: the credentials of FCM's HTTP v1 interface. */
import { badRequest } from '../../kernel/errors.ts';
import { readPrivateKey } from './pem.ts';

/** The members that sending needs. */
export interface ServiceAccount {
  readonly projectId: string;
  readonly clientEmail: string;
  /** PEM. */
  readonly privateKey: string;
  readonly privateKeyId?: string;
  readonly tokenUri: string;
}

const defaultTokenUri = 'https://oauth2.googleapis.com/token';

/** @throws BadRequestException that names what is wrong and quotes nothing */
export function readServiceAccount(serviceJson: string): ServiceAccount {
  const account = parse(serviceJson);
  const member = (name: string): string => {
    const value = account[name];
    if (typeof value !== 'string' || value === '') throw badRequest(`ServiceJson must have the member ${name}`);
    return value;
  };
  return {
    projectId: member('project_id'),
    clientEmail: member('client_email'),
    privateKey: member('private_key'),
    privateKeyId: typeof account['private_key_id'] === 'string' ? account['private_key_id'] : undefined,
    tokenUri: account['token_uri'] === undefined ? defaultTokenUri : member('token_uri'),
  };
}

/** The same, when it is given: its key can be read, and is of the kind that Google takes. @throws BadRequestException */
export function checkServiceAccount(serviceJson: string): ServiceAccount {
  const account = readServiceAccount(serviceJson);
  if (readPrivateKey('private_key of ServiceJson', account.privateKey).asymmetricKeyType !== 'rsa') {
    throw badRequest('private_key of ServiceJson must be an RSA key');
  }
  return account;
}

function parse(serviceJson: string): Readonly<Record<string, unknown>> {
  let account: unknown;
  try {
    account = JSON.parse(serviceJson);
  } catch {
    // The parser's message quotes the key.
    throw badRequest('ServiceJson must be JSON');
  }
  if (typeof account !== 'object' || account === null) throw badRequest('ServiceJson must be a JSON object');
  return account as Readonly<Record<string, unknown>>;
}
