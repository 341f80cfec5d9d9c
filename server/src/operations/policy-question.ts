/** May this caller do this to that? What the request chain asks of the policies. */

export interface PolicyQuestion {
  readonly action: string;
  /** ARN. */
  readonly resource: string;
  readonly resourceTags: Readonly<Record<string, string>>;
  /** Tags that the request sets. */
  readonly requestTags: Readonly<Record<string, string>>;
  /** Keys of tags that it sets or removes. */
  readonly tagKeys: readonly string[];
  readonly now: Date;
}
