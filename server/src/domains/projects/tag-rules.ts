/** Rules for tags (dossier/audience §7.1), the same for every taggable resource. */
import { badRequest } from '../../kernel/errors.ts';

export type Tags = Readonly<Record<string, string>>;

const maximumTags = 50;
const maximumKeyLength = 128;
const maximumValueLength = 256;
const allowedCharacters = /^[\p{L}\p{N}\p{Z}\s_.:/=+-]*$/u;

/**
 * Checks tags as a caller sent them.
 * @throws BadRequestException naming the rule that is broken
 */
export function checkTags(tags: Tags): void {
  for (const [key, value] of Object.entries(tags)) {
    if (key.length < 1 || key.length > maximumKeyLength)
      throw badRequest(`A tag key must have 1 to ${maximumKeyLength} characters`);
    if (value.length > maximumValueLength)
      throw badRequest(`A tag value must have at most ${maximumValueLength} characters`);
    if (isReserved(key) || isReserved(value))
      throw badRequest('The prefix aws: is reserved and cannot be used in tags');
    if (!allowedCharacters.test(key) || !allowedCharacters.test(value)) {
      throw badRequest('Tags may hold letters, numbers, whitespace and _ . : / = + -');
    }
  }
  checkTagCount(tags);
}

/** What TagResource leaves: new keys are added, known keys take the new value. */
export function mergeTags(stored: Tags, added: Tags): Tags {
  const merged: Tags = Object.assign(Object.create(null), stored, added);
  checkTagCount(merged);
  return merged;
}

/** What UntagResource leaves. Keys that are not there are no error. */
export function removeTags(stored: Tags, keys: readonly string[]): Tags {
  if (keys.some(isReserved)) throw badRequest('Tags with the prefix aws: cannot be removed');
  return Object.fromEntries(Object.entries(stored).filter(([key]) => !keys.includes(key)));
}

function checkTagCount(tags: Tags): void {
  if (Object.keys(tags).length > maximumTags) throw badRequest(`A resource can have at most ${maximumTags} tags`);
}

function isReserved(text: string): boolean {
  return /^aws:/i.test(text);
}
