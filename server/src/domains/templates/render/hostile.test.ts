/** Hostile templates and hostile data: nothing crashes, nothing leaks, nothing runs long. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compileText,
  type Escaping,
  RenderFault,
  renderText,
  TemplateFault,
  type VariableSources,
  variablesOf,
} from './index.ts';

const now = new Date('2026-01-01T00:00:00Z');
/** Generous: the machine that tests run on has other things to do. What is not bounded takes minutes. */
const soon = 10_000;

type End = { readonly text: string } | { readonly fault: 'template' | 'steps' | 'size' };

/** Every end but these is a crash. */
function end(template: string, sources: VariableSources, limits: { steps?: number; size?: number } = {}): End {
  const begun = performance.now();
  try {
    return { text: renderText(compileText(template, 'none'), variablesOf(sources), { now, ...limits }).text };
  } catch (error) {
    if (error instanceof TemplateFault) return { fault: 'template' };
    if (error instanceof RenderFault) return { fault: error.reason };
    throw error;
  } finally {
    expect(performance.now() - begun).toBeLessThan(soon);
  }
}

const list = Array.from({ length: 15 }, (_, index) => String(index));

describe('templates', () => {
  it.each([
    ['500 blocks deep', '{{#if a}}'.repeat(500) + '{{/if}}'.repeat(500)],
    ['500 parentheses deep', `{{upper ${'(upper '.repeat(500)}a${')'.repeat(500)}}}`],
    ['a chain of 500 conditions', `{{#if b}}${'{{else if b}}'.repeat(500)}{{/if}}`],
    ['closings in comments', '{{#if a}}{{!-- {{/if}} --}}'.repeat(500)],
    ['deep for 300 KB', `${'{{#if a}}'.repeat(20_000)}${'{{/if}}'.repeat(20_000)}`],
    ['100 loops deep', '{{#each list}}'.repeat(100) + '{{/each}}'.repeat(100)],
    ['100,000 variables', '{{a}}'.repeat(100_000)],
    ['a call with 100,000 operands', `{{and ${'a '.repeat(100_000)}}}`],
    ['a path of 100,000 parts', `{{a${'.a'.repeat(100_000)}}}`],
    ['an open comment', '{{!--'.repeat(60_000)],
    ['an open text', `{{a "${'\\"'.repeat(150_000)}`],
    ['an open bracket', '{{a ['.repeat(60_000)],
    ['nothing but braces', '{'.repeat(300_000)],
    ['a NUL', 'a\u0000{{b}}'],
    [
      'partials that call partials',
      `{{#*inline "p0"}}x{{/inline}}${Array.from({ length: 500 }, (_, n) => `{{#*inline "p${n + 1}"}}{{> p${n}}}{{/inline}}`).join('')}{{> p500}}`,
    ],
  ])('refuses %s', (_name, template) => {
    expect(end(template, { defaults: { a: 'A', list } })).toEqual({ fault: 'template' });
  });

  it.each([
    ['150 blocks deep', `${'{{#if a}}'.repeat(150)}x${'{{/if}}'.repeat(150)}`, 'x'],
    ['150 parentheses deep', `{{upper ${'(upper '.repeat(150)}a${')'.repeat(150)}}}`, 'A'],
    ['a chain of 150 conditions', `{{#if b}}${'{{else if b}}'.repeat(150)}{{else}}x{{/if}}`, 'x'],
    ['500 KB of text', 'x'.repeat(500_000), 'x'.repeat(500_000)],
    ['300 KB of spaces in a block', `{{#if a}}${' \n'.repeat(150_000)}x{{/if}}`, undefined],
    ['10,000 variables', '{{a}}'.repeat(10_000), 'A'.repeat(10_000)],
  ])('renders %s', (_name, template, expected) => {
    const found = end(template, { defaults: { a: 'A', list } });
    if (expected === undefined) expect(found).toHaveProperty('text');
    else expect(found).toEqual({ text: expected });
  });

  it.each([
    ['loops in loops', `${'{{#each list}}'.repeat(12)}x${'{{/each}}'.repeat(12)}`],
    ['empty loops in loops', '{{#each list}}'.repeat(30) + '{{/each}}'.repeat(30)],
    [
      '300 KB of loops in loops',
      `${'{{#each list}}'.repeat(8)}${'{{upper a}}'.repeat(9_000)}${'x'.repeat(200_000)}${'{{/each}}'.repeat(8)}`,
    ],
    [
      'partials that double',
      `{{#*inline "p0"}}{{/inline}}${Array.from({ length: 60 }, (_, n) => `{{#*inline "p${n + 1}"}}{{> p${n}}}{{> p${n}}}{{/inline}}`).join('')}{{> p60}}`,
    ],
    [
      'indented partials that double',
      `{{#*inline "p0"}}\nx\n{{/inline}}${Array.from({ length: 60 }, (_, n) => `\n{{#*inline "p${n + 1}"}}\n  {{> p${n}}}\n  {{> p${n}}}\n{{/inline}}`).join('')}\n  {{> p60}}`,
    ],
    ['a replacement that multiplies', `{{upper ${'(replace '.repeat(40)}"a"${' "a" "aaaaaaaaaa")'.repeat(40)}}}`],
    ['a wide text', '{{ljust "a" 1000000000}}'],
    ['a text that is encoded again and again', `{{upper ${'(encode64 '.repeat(150)}"some text"${')'.repeat(150)}}}`],
    [
      'digests of long texts',
      `${'{{#each list}}'.repeat(6)}{{sha256 long}}{{slugify long}}{{stripTags long}}${'{{/each}}'.repeat(6)}`,
    ],
    ['comparisons of long texts', `${'{{#each list}}'.repeat(6)}{{#eq long long}}{{/eq}}${'{{/each}}'.repeat(6)}`],
    ['long lists', `${'{{#each list}}'.repeat(6)}{{#if (join many "")}}{{/if}}{{many}}${'{{/each}}'.repeat(6)}`],
    ['large objects', `${'{{#each list}}'.repeat(6)}{{#each large}}{{/each}}${'{{/each}}'.repeat(6)}`],
  ])('ends %s', (_name, template) => {
    const defaults = {
      a: 'A',
      list,
      long: '<'.repeat(900_000),
      many: Array.from({ length: 100_000 }, () => ''),
      large: Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 'x'])),
    };
    expect(end(template, { defaults })).toEqual({ fault: expect.stringMatching(/^(?:steps|size)$/) });
  });

  it('obeys limits of the caller', () => {
    expect(end('{{a}}', { defaults: { a: 'x'.repeat(11) } }, { size: 10 })).toEqual({ fault: 'size' });
    expect(end('{{a}}', { defaults: { a: 'x'.repeat(10) } }, { size: 10 })).toEqual({ text: 'x'.repeat(10) });
    expect(end('x'.repeat(11), {}, { size: 10 })).toEqual({ fault: 'size' });
    expect(end('{{#each list}}{{this}}{{/each}}', { defaults: { list } }, { steps: 20 })).toEqual({ fault: 'steps' });
    expect(end('{{#each list}}{{this}}{{/each}}', { defaults: { list } }, { steps: 200 })).toEqual({
      text: list.join(''),
    });
  });

  it('patterns of dates do not backtrack long', () => {
    const pattern = "M'0'd'0'H'0'm'0's'0'S'0'k'0'h'0'K'0'y";
    const defaults = { date: '0'.repeat(400), pattern };
    expect(end('{{dateFormat date inputFormat=pattern}}', { defaults })).toEqual({ text: '' });
  });
});

describe('prototypes', () => {
  const names = [
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineGetter__',
    '__lookupGetter__',
    'call',
    'apply',
    'map',
    'at',
  ];
  const paths = [
    '',
    'Attributes.',
    'Attributes.list.',
    'Attributes.list.[0].',
    'User.',
    'x.',
    'this.',
    '@root.',
    'constructor.',
    '__proto__.',
    '[__proto__].',
  ];
  const sources: VariableSources = {
    endpoint: { Attributes: { list: ['a'] }, User: { UserId: 'u' } },
    substitutions: [{ x: ['y'] }, undefined, undefined],
    defaults: { z: { y: 'x' } },
  };

  it.each(paths.flatMap((path) => names.map((name) => `${path}${name}`)))('case 55: %s renders empty', (path) => {
    const [base, name] = [path.replace(/\.?[^.]*$/, '') || 'this', path.split('.').at(-1)];
    const uses = [
      `{{${path}}}`,
      `{{{${path}}}}`,
      `{{upper ${path}}}`,
      `{{lookup ${base} "${name}"}}`,
      `{{#with ${path}}}x{{/with}}`,
      `{{#each ${path}}}x{{/each}}`,
      `{{#${path}}}x{{/${path}}}`,
      `{{#if ${path}}}x{{/if}}`,
    ];
    for (const use of uses) expect(end(use, sources)).toEqual({ text: '' });
  });

  it('no getter runs and no method is called', () => {
    let called = 0;
    const trap = () => {
      called += 1;
      return 'leaked';
    };
    class Person {
      secret = 'leaked';
      get name() {
        return trap();
      }
    }
    const defaults = {
      person: new Person(),
      date: new Date(0),
      map: new Map([['x', 'leaked']]),
      method: trap,
      symbol: Symbol('leaked'),
      holder: Object.defineProperty({ toString: trap, toJSON: trap, valueOf: trap }, 'got', {
        get: trap,
        enumerable: true,
      }),
      list: [{ toString: trap }, new Person()],
    };
    const names = [
      'person',
      'person.name',
      'person.secret',
      'date',
      'map',
      'map.x',
      'map.size',
      'method',
      'method.name',
      'symbol',
      'holder',
      'holder.got',
      'holder.toString',
      'list',
      'list.[0].toString',
      'list.[1].secret',
    ];
    for (const name of names) {
      expect(end(`{{${name}}}{{upper ${name}}}`, { defaults })).toEqual({ text: expect.stringMatching(/^,*$/) });
      end(
        `{{#each ${name}}}{{this}}{{@key}}{{/each}}{{eq ${name} ${name}}}{{eq ${name} true}}{{gt ${name} 1}}{{dateFormat ${name}}}`,
        {
          defaults,
        },
      );
    }
    expect(end('{{#each holder}}{{this}}{{/each}}', { defaults })).toEqual({ text: '' });
    expect(called).toBe(0);
  });

  it('an own property is data, whatever its name', () => {
    const defaults = JSON.parse('{"__proto__":"a","constructor":{"name":"b"},"toString":"c"}');
    expect(end('{{__proto__}}{{constructor.name}}{{toString}}', { defaults })).toEqual({ text: 'abc' });
  });
});

describe('whatever the template and the data', () => {
  const name = fc.constantFrom(
    'a',
    'b.c',
    'Attributes.x',
    'User.UserAttributes.[y z]',
    'this',
    '../a',
    '@index',
    '@root.a',
    'constructor',
    '__proto__.x',
    'a.[0]',
    '"t"',
    '7',
    '-1.5',
    'true',
    'null',
    '""',
    '(now)',
    '(add a 1)',
    '(join list ",")',
  );
  const helper = fc.constantFrom(
    'abbreviate',
    'add',
    'and',
    'capitalize',
    'capitalizeFirst',
    'ceiling',
    'center',
    'cut',
    'dateFormat',
    'decode64',
    'divide',
    'encode64',
    'eq',
    'floor',
    'gt',
    'gte',
    'inflect',
    'join',
    'ljust',
    'lookup',
    'lower',
    'lt',
    'lte',
    'md5',
    'modulo',
    'multiply',
    'neq',
    'not',
    'now',
    'or',
    'ordinalize',
    'replace',
    'rjust',
    'round',
    'sha256',
    'sha512',
    'slugify',
    'stripTags',
    'substring',
    'subtract',
    'upper',
    'yesno',
  );
  const option = fc.constantFrom(
    '',
    ' pad="*"',
    ' size=9',
    ' tz=Europe/Berlin',
    ' outputFormat="yyyy"',
    ' inputFormat=a',
    ' yes=a no=b.c',
    ' includeCount=true',
    ' prefix=a',
  );
  const call = fc
    .tuple(helper, fc.array(name, { minLength: 1, maxLength: 4 }), option)
    .map(([of, operands, options]) => `${of} ${operands.join(' ')}${options}`);
  const { template } = fc.letrec<{ template: string; piece: string }>((tie) => ({
    template: fc.array(tie('piece'), { maxLength: 6 }).map((pieces) => pieces.join('')),
    piece: fc.oneof(
      { maxDepth: 4 },
      fc.string({ maxLength: 8 }),
      name.filter((written) => !written.startsWith('(')).map((written) => `{{${written}}}`),
      call.map((written) => `{{${written}}}`),
      fc
        .tuple(fc.constantFrom('each', 'if', 'with', 'unless', 'not'), name, tie('template'), tie('template'))
        .map(([of, operand, yes, no]) => `{{#${of} ${operand}}}${yes}{{else}}${no}{{/${of}}}`),
      fc
        .tuple(fc.constantFrom('and', 'or', 'eq', 'gt'), name, name, tie('template'))
        .map(([of, left, right, yes]) => `{{#${of} ${left} ${right}}}${yes}{{/${of}}}`),
      tie('template').map((body) => `{{#*inline "p"}}${body}{{/inline}}{{> p x=a}}`),
      tie('template').map((body) => `{{#b.c}}${body}{{/b.c}}`),
    ),
  }));
  const defaults = fc.dictionary(
    fc.oneof(fc.constantFrom('a', 'b', 'b.c', 'list', 'x', '__proto__'), fc.string()),
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
    }),
  );
  const attributes = fc.dictionary(fc.oneof(fc.constantFrom('x', 'y z'), fc.string()), fc.array(fc.string()));

  it('it ends in a text or in a typed fault', () => {
    fc.assert(
      fc.property(template, defaults, attributes, (written, given, found) => {
        const ended = end(written, {
          endpoint: { Attributes: found, User: { UserAttributes: found } },
          substitutions: [found, undefined, found],
          defaults: given,
        });
        if ('text' in ended) expect(ended.text).not.toMatch(/native code|\[object |function Object/);
      }),
      { numRuns: 500 },
    );
  }, 60_000);

  it('text that only looks like a template is text or a fault', () => {
    const sign = fc.constantFrom(
      '{{',
      '}}',
      '{{{',
      '}}}',
      '{{#',
      '{{/',
      '{{^',
      '{{>',
      '{{!',
      '{{!--',
      '--}}',
      '{{~',
      '~}}',
      '{{else}}',
      '{{&',
      '{{*',
      '{{#*',
      '{{{{',
      '}}}}',
      '(',
      ')',
      '=',
      '|',
      'as |',
      '"',
      "'",
      '[',
      ']',
      '\\',
      '.',
      '..',
      '/',
      '@',
      'if',
      'each',
      'a',
      ' ',
      '\n',
      '1',
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 30 }), (signs) => {
        end(signs.join(''), { defaults: { a: 'x' } });
      }),
      { numRuns: 3_000 },
    );
  }, 60_000);

  it('values of every kind print without a crash, escaped or not', () => {
    const escaping = fc.constantFrom<Escaping>('html', 'json', 'none');
    fc.assert(
      fc.property(fc.anything(), escaping, (value, how) => {
        const { text } = renderText(compileText('[{{x}}]', how), variablesOf({ defaults: { x: value } }), { now });
        expect(text).toMatch(/^\[.*\]$/s);
        if (how === 'html') expect(text).not.toMatch(/[<>"'`=]/);
      }),
    );
  }, 60_000);
});
