/** Resource names of an account's own things. */

/** Of the user as a principal; Amazon's form, because policies and logs know it. */
export function userArn(accountId: string, userName: string): string {
  return `arn:aws:iam::${accountId}:user/${userName}`;
}

/** Of something in our own API, as policies are asked about it. */
export function repointArn(scope: { readonly accountId: string; readonly region: string }, resource: string): string {
  return `arn:aws:repoint:${scope.region}:${scope.accountId}:${resource}`;
}
