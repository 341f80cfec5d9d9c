/**
 * The columns of a CSV file before it is imported: which are members of an endpoint, and what the others might be. The
 * server refuses a file with a column that it does not know (dossier/audience §9.4); here it can be given a name.
 */

const members = [
  ...['Id', 'Address', 'ChannelType', 'OptOut', 'EffectiveDate', 'RequestId', 'EndpointStatus', 'User.UserId'],
  ...['AppVersion', 'Locale', 'Make', 'Model', 'ModelVersion', 'Platform', 'PlatformVersion', 'Timezone'].map(
    (name) => `Demographic.${name}`,
  ),
  ...['City', 'Country', 'Latitude', 'Longitude', 'PostalCode', 'Region'].map((name) => `Location.${name}`),
  ...['ApplicationId', 'CreationDate', 'CohortId'],
] as const;
const known: ReadonlySet<string> = new Set(members);
const named = /^(Attributes|Metrics|User\.UserAttributes)\.(.+)$/s;
const longestName = 50;

/** What a column may be renamed to, besides an attribute of its own name. */
export const memberChoices: readonly string[] = members.filter(
  (name) => !['ApplicationId', 'CreationDate', 'CohortId', 'RequestId'].includes(name),
);

/** What others call these. */
const synonyms: Readonly<Record<string, string>> = {
  email: 'Address',
  emailaddress: 'Address',
  mail: 'Address',
  phone: 'Address',
  phonenumber: 'Address',
  mobile: 'Address',
  channel: 'ChannelType',
  endpointid: 'Id',
  userid: 'User.UserId',
  customerid: 'User.UserId',
  city: 'Location.City',
  country: 'Location.Country',
  zip: 'Location.PostalCode',
  postcode: 'Location.PostalCode',
  postalcode: 'Location.PostalCode',
  timezone: 'Demographic.Timezone',
  locale: 'Demographic.Locale',
  language: 'Demographic.Locale',
};

export interface Column {
  /** As it stands in the file. */
  readonly header: string;
  /** What it is imported as. */
  readonly member: string;
  /** Of the first row. */
  readonly example: string;
}

export function isMember(name: string): boolean {
  const [, , own] = named.exec(name) ?? [];
  return own === undefined ? known.has(name) : own.length <= longestName;
}

/** @param taken names that other columns have already */
function guess(header: string, taken: ReadonlySet<string>): string {
  if (isMember(header)) return header;
  const plain = header.toLowerCase().replaceAll(/[^a-z]/g, '');
  const synonym = Object.hasOwn(synonyms, plain) ? synonyms[plain] : undefined;
  if (synonym !== undefined && !taken.has(synonym)) return synonym;
  return attributeFor(header);
}

export function attributeFor(header: string): string {
  return `Attributes.${header.trim().slice(0, longestName) || 'column'}`;
}

export function readColumns(head: string): readonly Column[] {
  const [header = '', first = ''] = head.replace(/^\uFEFF/, '').split(/\r?\n/);
  const examples = splitLine(first);
  const taken = new Set(splitLine(header).filter(isMember));
  return splitLine(header).map((name, index) => {
    const member = guess(name, taken);
    taken.add(member);
    return { header: name, member, example: examples[index] ?? '' };
  });
}

/** What keeps a file with these columns from being imported, one sentence each. */
export function faultsOf(columns: readonly Column[], channelOfAll: string | undefined): readonly string[] {
  const names = columns.map(({ member }) => member);
  const strangers = names.filter((name) => !isMember(name));
  const once = names.filter((name) => !/^(Attributes|User\.UserAttributes)\./.test(name));
  const twice = once.find((name, index) => once.indexOf(name) !== index);
  const usersOnly = names.length === 1 && names[0] === 'User.UserId';
  const identified = names.includes('Id') || names.includes('Address') || usersOnly;
  const hasChannel = names.includes('ChannelType') || names.includes('Id') || channelOfAll !== undefined;
  return [
    ...strangers.map((name) => `“${name}” is nothing that an endpoint has.`),
    ...(twice === undefined ? [] : [`Two columns are imported as ${twice}.`]),
    ...(identified ? [] : ['No column is the Address or the Id: the rows name nobody.']),
    ...(hasChannel || usersOnly ? [] : ['No column is the ChannelType: choose one for all rows.']),
  ];
}

/** Cells of one line; quotes as in RFC 4180. */
export function splitLine(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] as string;
    if (quoted && sign === '"' && line[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (sign === '"') quoted = !quoted;
    else if (sign === ',' && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += sign;
  }
  return [...cells, cell];
}

export function joinLine(cells: readonly string[]): string {
  return cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
}
