/** Accounts, who may enter, what they may do, what they did: what other rooms may use. */
export { createAccessKey, type IssuedKey, newAccessKey } from './access-keys/create.ts';
export { listAccessKeys } from './access-keys/store.ts';
export { switchAccessKey } from './access-keys/switch.ts';
export { repointArn } from './arn.ts';
export { AuditTrail } from './audit/trail.ts';
export { closeAccount, dueAccounts, findAccount, removeAccount, reopenAccount } from './closing.ts';
export { createAccount, type KnownAccount, listAccounts } from './create-account.ts';
export { Credentials } from './credentials/credentials.ts';
export { LastUsed } from './credentials/last-used.ts';
export { accountCrons, accountJobs } from './jobs.ts';
export { accountOperations } from './operations.ts';
export { accountsPersonalData } from './personal-data.ts';
export { createAuthoriser } from './policy/authoriser.ts';
export { ensureProjectPolicy } from './policy/project-policy.ts';
export { readyMadeNames } from './policy/ready-made.ts';
export { createUser } from './users/create.ts';
export { hashPassword } from './users/password.ts';
export { findUser } from './users/store.ts';
