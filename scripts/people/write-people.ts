/** Writes generated people as newline JSON, compressed when the name ends in `.gz`. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { generatePeople, type PeopleOptions } from './people.ts';

const linesAChunk = 500;

export async function writePeople(file: string, options: PeopleOptions): Promise<void> {
  const source = Readable.from(chunksOf(options));
  if (file.endsWith('.gz')) await pipeline(source, createGzip({ level: 1 }), createWriteStream(file));
  else await pipeline(source, createWriteStream(file));
}

function* chunksOf(options: PeopleOptions): Generator<string> {
  let lines: string[] = [];
  for (const endpoint of generatePeople(options)) {
    lines.push(JSON.stringify(endpoint));
    if (lines.length < linesAChunk) continue;
    yield `${lines.join('\n')}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`;
}
