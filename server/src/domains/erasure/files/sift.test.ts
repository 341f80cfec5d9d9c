/** Whose rows go and whose stay, byte by byte (E9). */
import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseAddress } from '../../../kernel/address.ts';
import { derivedId } from '../../transfers/index.ts';
import { createMatcher, type Identities } from './identities.ts';
import { type Sifted, sift } from './sift.ts';

const nobody: Identities = { applicationId: 'app', endpointIds: [], userIds: [], addresses: [], addressHashes: [] };
const lea: Identities = {
  ...nobody,
  ...{ endpointIds: ['lea-1', 'urn:lea:2'], userIds: ['u-1'], addresses: ['Lea@Example.com', '+41791112233'] },
};
const everyone = { found: 0 };

async function siftText(
  text: string | Buffer,
  identities: Identities = lea,
  size = 1_000_000,
): Promise<Sifted & { readonly left: string; readonly rows: readonly string[] }> {
  const bytes = Buffer.from(text as string);
  async function* content() {
    for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
  }
  const sifted = { ...everyone };
  const rows: string[] = [];
  const left: Buffer[] = [];
  for await (const chunk of sift(content(), createMatcher(identities), sifted, (row) => rows.push(row))) {
    left.push(Buffer.from(chunk));
  }
  return { ...sifted, left: Buffer.concat(left).toString(bytes.includes(0xe9) ? 'latin1' : 'utf8'), rows };
}
const lines = (...each: string[]) => `${each.join('\n')}\n`;
const json = (row: object) => JSON.stringify(row);

describe('newline JSON', () => {
  const other = json({ Id: 'other', Address: 'o@example.com', Attributes: { friend: ['lea@example.com'] } });

  it.each([
    ['the endpoint id', { Id: 'lea-1' }],
    ['the endpoint id in another case', { Id: 'LEA-1', ChannelType: 'EMAIL' }],
    ['the user id', { Id: 'x', User: { UserId: 'u-1' } }],
    ['the user alone', { User: { UserId: 'u-1' } }],
    ['the address', { Id: 'x', Address: 'lea@example.com' }],
    ['the address in another case', { Address: 'LEA@EXAMPLE.COM', ChannelType: 'EMAIL' }],
    ['the phone number', { ChannelType: 'SMS', Address: '+41791112233' }],
  ])('E9 loses rows with %s, and nobody else’s', async (_what, row) => {
    const result = await siftText(lines(other, json(row), '', other));
    expect(result).toMatchObject({ found: 1, left: lines(other, '', other), rows: [json(row)] });
  });

  it.each([
    ['a longer id', { Id: 'lea-10' }],
    ['the user id in another case', { Id: 'x', User: { UserId: 'U-1' } }],
    ['the id as an attribute', { Id: 'x', Attributes: { ref: ['lea-1'] } }],
    ['no identity, or empty ones', { Id: '', Address: '', User: { UserId: '' } }],
    ['null', { Id: null, Address: null, User: null }],
  ])('E3 keeps rows with %s', async (_what, row) => {
    expect(await siftText(lines(json(row)))).toMatchObject({ found: 0, left: lines(json(row)) });
    const empty = { ...nobody, endpointIds: [''], userIds: [''], addresses: [''] };
    expect(await siftText(lines(json(row)), empty)).toMatchObject({ found: 0 });
  });

  it('E9 knows the id that importing gives to a row without one', async () => {
    const id = derivedId('app', 'EMAIL', 'New@example.com');
    const row = json({ ChannelType: 'EMAIL', Address: 'New@example.com' });
    expect(await siftText(lines(row, other), { ...nobody, endpointIds: [id] })).toMatchObject({ found: 1 });
    expect(await siftText(lines(row), { ...nobody, applicationId: 'b', endpointIds: [id] })).toMatchObject({
      found: 0,
    });
  });

  it('E2 finds addresses of which only the SHA-256 is known', async () => {
    const addressHashes = [hash('sha256', normaliseAddress('Lea@Example.com'))];
    const result = await siftText(lines(json({ Id: 'x', Address: 'LEA@example.com' }), other), {
      ...nobody,
      addressHashes,
    });
    expect(result).toMatchObject({ found: 1 });
  });

  it('E9 finds events of the endpoint, and those of messages to the address', async () => {
    const event = (more: object) => json({ event_type: 'x', client: { client_id: 'other' }, attributes: {}, ...more });
    const mail = { mail_event: { mail: { destination: ['lea@example.com'] } } };
    const endpoint = JSON.stringify({ Address: 'x', User: { UserId: 'u-1' } });
    const [kept, ...gone] = [
      event({ attributes: { campaign_id: 'lea-1', user: 'u-1' } }),
      event({ client: { client_id: 'LEA-1' } }),
      event({ facets: { email_channel: mail } }),
      event({ client_context: { custom: { endpoint } } }),
      event({ attributes: { destination_phone_number: '+41791112233' } }),
    ];
    const result = await siftText(lines(...gone, kept as string));
    expect(result).toMatchObject({ found: 4, left: lines(kept as string) });
  });

  it('E2 leaves others alone who have the address too', async () => {
    const others = { endpointIds: ['tom'], userIds: ['u-tom'] };
    const [first, second] = [
      json({ Id: 'TOM', Address: 'lea@example.com' }),
      json({ Id: 'gone', Address: 'lea@example.com', User: { UserId: 'u-tom' } }),
    ];
    const event = json({ event_type: 'x', client: { client_id: 'tom' }, attributes: { to: 'lea@example.com' } });
    const theirs = [first, second, event];
    const result = await siftText(lines(...theirs, json({ Id: 'gone', Address: 'lea@example.com' })), {
      ...lea,
      others,
    });
    expect(result).toMatchObject({ found: 1, left: lines(...theirs) });
  });

  it('E7 leaves events of a later life alone', async () => {
    const event = (arrival_timestamp: number) =>
      json({ event_type: 'x', arrival_timestamp, client: { client_id: 'lea-1' }, attributes: {} });
    const result = await siftText(lines(event(1000), event(1001)), {
      ...lea,
      eventsBy: { latest: new Date(1000), ofEndpoint: new Map() },
    });
    expect(result).toMatchObject({ found: 1, left: lines(event(1001)) });
  });

  it('E9 drops damaged lines that name the person, and keeps the others', async () => {
    const damaged = ['{"Id":"lea-1",', 'Id: urn:lea:2', '["lea@example.com"]'];
    const result = await siftText(lines(other, ...damaged, '{"Id":"lea-10"', '{'));
    expect(result).toMatchObject({ found: 3, left: lines(other, '{"Id":"lea-10"', '{') });
  });

  it('E9 looks through lines that are not UTF-8', async () => {
    const text = Buffer.concat([
      Buffer.from(lines(other)),
      Buffer.from('{"Id":"lea-1","Attributes":{"n":["L\u{e9}a"]}}\n{"Id":"x","n":"L\u{e9}"}\n', 'latin1'),
    ]);
    const result = await siftText(text);
    expect(result).toMatchObject({ found: 1 });
    expect(result.left.endsWith('{"Id":"x","n":"L\u{e9}"}\n')).toBe(true);
  });
});

describe('CSV', () => {
  const header = 'Id,ChannelType,Address,Attributes.city,User.UserId';

  it('E9 loses rows by their columns, and leaves the bytes of all others', async () => {
    const text = `\u{feff}${header}\r\nlea-1,EMAIL,a@b.ch,"x, y",\r\nx,EMAIL,o@b.ch,"say ""lea-1""",u-2\r\n\r\ny,SMS,+4,,u-1`;
    const left = `\u{feff}${header}\r\nx,EMAIL,o@b.ch,"say ""lea-1""",u-2\r\n\r\n`;
    expect(await siftText(text)).toMatchObject({ found: 2, left });
  });

  it('E9 takes a value that goes over several lines for a part of its row', async () => {
    const gone = 'lea-1,EMAIL,a@b.ch,"first\nsecond ""quoted""\nthird",u-9';
    const kept = 'x,EMAIL,o@b.ch,"one\ntwo",u-2';
    const result = await siftText(lines(header, kept, gone, kept));
    expect(result).toMatchObject({ found: 1, left: lines(header, kept, kept), rows: [gone] });
  });

  it('E9 lets a stray quote cost its own line and no other', async () => {
    const stray = 'x,EMAIL,o@b.ch,5" pipe,u-2';
    const open = '"y,EMAIL,o@b.ch,z,u-2';
    const others = Array.from({ length: 500 }, (_, row) => `r${row},EMAIL,r${row}@b.ch,z,u-r`);
    const result = await siftText(lines(header, stray, ...others, open, 'lea-1,EMAIL,a,z,', ...others, stray));
    expect(result).toMatchObject({ found: 1 });
    expect(result.left).toBe(lines(header, stray, ...others, open, ...others, stray));
  });

  it('E9 takes one user out of a line of several', async () => {
    const text = 'User.UserId\r\nu-2 u-1  u-3\r\nu-1\r\nu-2\r\n';
    expect(await siftText(text)).toMatchObject({ found: 2, left: 'User.UserId\r\nu-2 u-3\r\nu-2\r\n' });
  });

  it('E9 looks through a file without a header', async () => {
    const result = await siftText(lines('lea@example.com,Lea', 'o@example.com,O', 'x,LEA@example.com'));
    expect(result).toMatchObject({ found: 2, left: lines('o@example.com,O') });
  });
});

describe('any file', () => {
  it.each([
    ['UTF-16', Buffer.from('\u{feff}Id,Address\n', 'utf16le'), 'UTF-16'],
    ['an archive', Buffer.from('PK\u{3}\u{4}rest\n'), 'ZIP'],
    ['an endless line', Buffer.alloc(17 * 1024 * 1024, 'x'), '16 MB'],
  ])('E9 refuses %s instead of passing over it', async (_what, content, message) => {
    await expect(siftText(content)).rejects.toThrow(message);
  });

  it('E9 waits for the first line that says something', async () => {
    const text = `${'\n'.repeat(100)}${json({ Id: 'lea-1' })}\n${json({ Id: 'x' })}`;
    expect(await siftText(text, lea, 7)).toMatchObject({ found: 1 });
    expect(await siftText('')).toMatchObject({ found: 0, left: '' });
    expect(await siftText('\n\n')).toMatchObject({ found: 0, left: '\n\n' });
  });

  it('E9 leaves the same whatever the chunks, in either format', async () => {
    const cell = fc.constantFrom('lea-1', 'x', 'a"b', 'two\nlines', 'c,d', '', 'lea@example.com', 'ünï');
    const quoted = (value: string) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
    const row = fc.tuple(cell, cell, cell);
    await fc.assert(
      fc.asyncProperty(fc.array(row), fc.integer({ min: 1, max: 40 }), fc.boolean(), async (rows, size, isJson) => {
        const isGone = ([id, address]: readonly string[]) => id === 'lea-1' || address === 'lea@example.com';
        const show = isJson
          ? ([Id, Address, note]: readonly string[]) => `${json({ Id, Address, Attributes: { note: [note] } })}\n`
          : (values: readonly string[]) => `${values.map(quoted).join(',')}\n`;
        const head = isJson ? '{}\n' : 'Id,Address,Attributes.note\n';
        const result = await siftText(head + rows.map(show).join(''), lea, size);
        expect(result.left).toBe(
          head +
            rows
              .filter((each) => !isGone(each))
              .map(show)
              .join(''),
        );
        expect(result.found).toBe(rows.filter(isGone).length);
      }),
      { numRuns: 300 },
    );
  });
});
