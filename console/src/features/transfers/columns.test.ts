/** The column check before an import: what is known stays, what is not gets a name, what cannot work is said. */
import { describe, expect, it } from 'vitest';
import { faultsOf, isMember, joinLine, readColumns, splitLine } from './columns.ts';

const membersOf = (head: string) => readColumns(head).map(({ member }) => member);

describe('the columns of a file', () => {
  it('that are members of an endpoint stay as they are', () => {
    const head = 'ChannelType,Address,Attributes.plan,Metrics.visits,User.UserAttributes.since,Location.Country\r\n';
    expect(membersOf(head)).toEqual(head.trim().split(','));
    expect(faultsOf(readColumns(head), undefined)).toEqual([]);
  });

  it('with other names are guessed, and the rest become attributes', () => {
    expect(membersOf('E-mail,Customer ID,Zip,favourite colour\na@b.c,7,1000,red')).toEqual([
      ...['Address', 'User.UserId', 'Location.PostalCode', 'Attributes.favourite colour'],
    ]);
  });

  it('are never guessed to be the same member twice', () => {
    expect(membersOf('email,phone')).toEqual(['Address', 'Attributes.phone']);
    expect(membersOf('email,Address')).toEqual(['Attributes.email', 'Address']);
  });

  it('show a value of the first row, whatever is quoted in it', () => {
    const [name, address] = readColumns('\uFEFFname,Address\n"Doe, ""J""",j@example.com\n');
    expect([name?.header, name?.example, address?.example]).toEqual(['name', 'Doe, "J"', 'j@example.com']);
  });

  it('that name nobody, or no channel, are said to', () => {
    expect(faultsOf(readColumns('colour'), 'EMAIL')).toEqual([expect.stringContaining('the rows name nobody')]);
    expect(faultsOf(readColumns('Address'), undefined)).toEqual([expect.stringContaining('ChannelType')]);
    expect(faultsOf(readColumns('Address'), 'EMAIL')).toEqual([]);
    expect(faultsOf(readColumns('User.UserId'), undefined)).toEqual([]);
  });

  it('with a name that is too long are no members', () => {
    expect(isMember(`Attributes.${'x'.repeat(50)}`)).toBe(true);
    expect(isMember(`Attributes.${'x'.repeat(51)}`)).toBe(false);
  });
});

describe('a line', () => {
  it.each(['a,b', '"a,b",c', '"say ""hi""",', ',,'])('comes back from its cells: %s', (line) => {
    expect(joinLine(splitLine(line))).toBe(line);
  });
});
