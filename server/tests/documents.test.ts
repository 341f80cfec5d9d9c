/** What people read, held against the code: links, commands, settings, files, the index of decisions. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import rootPackage from '../../package.json' with { type: 'json' };
import { createProgram } from '../src/cli/program.ts';
import { clusterPaths } from '../src/database/embedded/cluster.ts';
import { platformPersonalData } from '../src/database/index.ts';
import { settings } from '../src/kernel/configuration.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const settingNames: readonly string[] = settings.map(({ name }) => name);

/** First and second cell of every row of the table under a heading. */
function tableUnder(heading: string): [string, string][] {
  const section =
    read('docs/operations.md')
      .split(/^## /m)
      .find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const rows = [...section.matchAll(/^\| `([^`]+)`\s*\|([^|]*)\|/gm)];
  return rows.map(([, name, value]) => [name as string, (value as string).trim()]);
}

describe('docs/operations.md', () => {
  it('lists every setting with its default, and no other', () => {
    const rows = tableUnder('Settings').filter(([name]) => name.startsWith('REPOINT_'));
    expect(rows.map(([name]) => name).toSorted()).toEqual(settingNames.toSorted());
    for (const { name, default: value } of settings) {
      if (value !== undefined) expect(rows).toContainEqual([name, `\`${value}\``]);
    }
  });

  it('lists every file of the data directory, and no other', () => {
    const { cluster, log, settings: configurationFile, startOutput, socketDirectory } = clusterPaths('postgres');
    const inventory = (platformPersonalData.files ?? []).flatMap(
      ({ files }) => files.match(/[a-z]+[/-][a-z.-]+|credentials/g) ?? [],
    );
    const files = new Set([cluster, log, configurationFile, startOutput, socketDirectory, ...inventory]);
    expect(
      tableUnder('The data directory')
        .map(([name]) => name)
        .toSorted(),
    ).toEqual([...files].toSorted());
  });
});

describe('what people read', () => {
  const documents = globSync(['*.md', 'docs/**/*.md', 'model/*.md'], { cwd: root });
  const scripts = Object.keys(rootPackage.scripts);

  it('links to files that exist', () => {
    expect(documents.length).toBeGreaterThan(5);
    const dead = documents.flatMap((document) =>
      [...read(document).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)]
        .map(([, target]) => join(dirname(document), target as string))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${document}: ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('names commands that exist', () => {
    const named = [...documents, ...globSync('console/src/**/*.tsx', { cwd: root })].flatMap(
      (document) =>
        read(document).match(/\bnpm (?:ci|start|test|run repoint -- [a-z]+(?: [a-z]+)?|run [a-z]+)\b/g) ?? [],
    );
    expect(named).toContain('npm run repoint -- keys create');
    expect([...new Set(named)].filter((command) => !isCommand(command.split(' ')))).toEqual([]);
  });

  function isCommand([, word, script, , ...command]: readonly string[]): boolean {
    if (word !== 'run') return word === 'ci' || scripts.includes(word as string);
    return scripts.includes(script as string) && knows(createProgram(), command);
  }

  /** Words behind a command without commands of its own are its arguments. */
  function knows(command: Command, [word, ...further]: readonly string[]): boolean {
    if (word === undefined || command.commands.length === 0) return true;
    const found = command.commands.find((candidate) => candidate.name() === word);
    return found !== undefined && knows(found, further);
  }

  it('has the number and the title of every decision in the index', () => {
    const index = read('docs/decisions/README.md');
    const files = globSync('docs/decisions/[0-9]*.md', { cwd: root }).toSorted();
    expect(files.length).toBeGreaterThan(0);
    const lines = files.map((file) => {
      const [, number, title] = /^# (\d+)\. (.+)$/m.exec(read(file)) ?? [];
      expect(basename(file).slice(0, 4)).toBe(number?.padStart(4, '0'));
      return `${number}. [${title}](${basename(file)})`;
    });
    expect(index.split('\n').filter((line) => /^\d+\. \[/.test(line))).toEqual(lines);
  });
});
