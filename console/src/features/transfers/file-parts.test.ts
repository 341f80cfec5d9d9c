/** A file in parts: no line is lost or cut, each part has the header, and numbers of lines are those of the file. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvPlan, readParts } from './file-parts.ts';

async function partsOf(text: string | Uint8Array<ArrayBuffer>, plan?: CsvPlan, options = {}) {
  const parts = [];
  for await (const part of readParts(new Blob([text]), plan, options)) parts.push(part);
  return parts;
}

const plan = { header: ['Address', 'Attributes.a,b'], channelType: 'EMAIL' };

describe('a CSV file in parts', () => {
  it('gets the new header, and the channel of all rows', async () => {
    const [part] = await partsOf('mail,x\r\na@b.c,1\r\n\r\nd@e.f,2', plan);
    expect(part?.content).toBe('Address,"Attributes.a,b",ChannelType\na@b.c,1,EMAIL\nd@e.f,2,EMAIL\n');
    expect(part?.firstLine).toBe(2);
  });

  it('says where each part begins in the file', async () => {
    const parts = await partsOf('h\n\none\ntwo\n\nthree\n', { header: ['Id'], channelType: undefined }, { most: 4 });
    expect(parts.map(({ firstLine, content }) => [firstLine, content])).toEqual([
      [3, 'Id\none\n'],
      [4, 'Id\ntwo\n'],
      [6, 'Id\nthree\n'],
    ]);
  });

  it('that has nothing but a header has no parts', async () => {
    expect(await partsOf('Id\n', { header: ['Id'], channelType: undefined })).toEqual([]);
  });
});

describe('any file in parts', () => {
  it('is the same lines when they are joined, packed or not', async () => {
    const line = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .map((text) => `x${text.replaceAll(/\s/g, '_')}`);
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 30 }), fc.boolean(), async (lines, gzipped) => {
        const text = lines.map((each) => each.toWellFormed()).join('\n');
        const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
        const bytes = new Uint8Array(await new Response(gzipped ? packed : text).arrayBuffer());
        const parts = await partsOf(bytes, undefined, { gzipped, most: 10 });
        expect(parts.map(({ content }) => content).join('')).toBe(`${text}\n`);
      }),
      { numRuns: 50 },
    );
  });
});
