/** May this caller do this to that? What the request chain asks of the policies. */

export interface PolicyQuestion {
  readonly action: string;
  /** ARN. */
  readonly resource: string;
  readonly resourceTags: Readonly<Record<string, string>>;
  readonly requestTags: Readonly<Record<string, string>>;
  readonly now: Date;
}
