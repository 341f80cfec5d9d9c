/** What a policy may ask about a request: the condition keys this server can answer. */
import { badRequest } from '../../../kernel/errors.ts';

export interface PolicyContext {
  readonly principalArn: string;
  readonly userName: string;
  /** Address of the client. */
  readonly sourceAddress: string;
  readonly now: Date;
  /** Whether the request came over TLS, as far as the server can tell. */
  readonly secureTransport: boolean;
  readonly resourceTags: Readonly<Record<string, string>>;
  readonly requestTags: Readonly<Record<string, string>>;
  readonly tagKeys: readonly string[];
}

/** Values of one key in a request; undefined when the request has none. */
export type KeyReader = (context: PolicyContext) => readonly string[] | undefined;

export interface ConditionKey {
  readonly read: KeyReader;
  /** Has any number of values, so that a condition must say `ForAllValues:` or `ForAnyValue:`. */
  readonly multivalued: boolean;
}

const singleKeys: Readonly<Record<string, (context: PolicyContext) => string>> = {
  'aws:sourceip': ({ sourceAddress }) => sourceAddress,
  'aws:currenttime': ({ now }) => now.toISOString(),
  'aws:principalarn': ({ principalArn }) => principalArn,
  'aws:username': ({ userName }) => userName,
  'aws:securetransport': ({ secureTransport }) => String(secureTransport),
};

/**
 * Key names are compared without regard to case, as IAM does.
 * @throws BadRequestException when the key is not one of ours
 */
export function findConditionKey(name: string, path: string): ConditionKey {
  const single = Object.hasOwn(singleKeys, name.toLowerCase()) ? singleKeys[name.toLowerCase()] : undefined;
  if (single !== undefined) return { multivalued: false, read: (context) => [single(context)] };
  if (name.toLowerCase() === 'aws:tagkeys') {
    return { multivalued: true, read: ({ tagKeys }) => emptyIsAbsent(tagKeys) };
  }
  const tag = /^aws:(?<of>resourcetag|requesttag)\/(?<key>.{1,128})$/isu.exec(name)?.groups;
  if (tag?.of !== undefined && tag.key !== undefined) {
    const key = tag.key;
    return tag.of.toLowerCase() === 'resourcetag'
      ? { multivalued: false, read: ({ resourceTags }) => readTag(resourceTags, key) }
      : { multivalued: false, read: ({ requestTags }) => readTag(requestTags, key) };
  }
  throw badRequest(`${path}: the condition key is not supported`);
}

/** The tag of exactly this key; else the one whose key differs in capitals alone (the first in order, if several). */
function readTag(tags: Readonly<Record<string, string>>, key: string): readonly string[] | undefined {
  const folded = key.toLowerCase();
  const found = Object.hasOwn(tags, key)
    ? key
    : Object.keys(tags)
        .filter((candidate) => candidate.toLowerCase() === folded)
        .sort()[0];
  return found === undefined ? undefined : [tags[found] as string];
}

function emptyIsAbsent(values: readonly string[]): readonly string[] | undefined {
  return values.length === 0 ? undefined : values;
}
