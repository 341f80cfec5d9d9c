/** A line of newline JSON as a row. */
import { badRequest } from '../../../kernel/errors.ts';
import { isStorable } from '../../../kernel/storable-text.ts';
import type { FileRow } from './row.ts';

const members: Readonly<Record<string, readonly string[]>> = {
  '': [
    ...['Id', 'Address', 'ChannelType', 'Attributes', 'Metrics', 'User', 'Demographic', 'Location', 'OptOut'],
    ...['EffectiveDate', 'RequestId', 'EndpointStatus', 'ApplicationId', 'CreationDate', 'CohortId'],
  ],
  User: ['UserId', 'UserAttributes'],
  Demographic: [
    ...['AppVersion', 'Locale', 'Make', 'Model', 'ModelVersion', 'Platform', 'PlatformVersion', 'Timezone'],
  ],
  Location: ['City', 'Country', 'Latitude', 'Longitude', 'PostalCode', 'Region'],
};
const known = new Map(Object.entries(members).map(([place, names]) => [place, new Set(names)]));

/** @throws ServiceError saying what is wrong with the line */
export function readJsonRow(text: string): FileRow {
  const row = parseObject(text);
  for (const [place, names] of known) {
    const part = place === '' ? row : row[place];
    if (typeof part !== 'object' || part === null) continue;
    const strange = Object.keys(part).find((name) => !names.has(name));
    if (strange !== undefined) throw badRequest(`${describeName(place, strange)} is not a member of an endpoint`);
  }
  return row as FileRow;
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  let storable = true;
  try {
    // A member that is null counts as left out.
    value = text.includes('null') ? JSON.parse(text, (_name, member) => member ?? undefined) : JSON.parse(text);
    // Only an escape can bring in what UTF-8 cannot carry.
    if (escapes.test(text)) storable = isStorable(value);
  } catch {
    throw badRequest('The line is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest('The line is not a JSON object');
  }
  if (!storable) {
    throw badRequest('The line holds a character that cannot be stored (NUL, or half of a surrogate pair)');
  }
  return value as Record<string, unknown>;
}

const escapes = /\\u(?:0000|d[89a-f])/i;

/** What looks like a member may be anything. */
function describeName(place: string, name: string): string {
  if (!/^[A-Za-z]{1,50}$/.test(name)) return 'The line has something that';
  return place === '' ? name : `${place}.${name}`;
}
