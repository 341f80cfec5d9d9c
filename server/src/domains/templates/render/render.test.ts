/** The message language as a whole: cases 46 to 55 of dossier/messaging §18, sources of variables, escaping, faults. */

import fc from 'fast-check';
import Handlebars from 'handlebars';
import { describe, expect, it } from 'vitest';
import { CompiledTexts } from './compiled-texts.ts';
import {
  compileText,
  type Escaping,
  parseDefaults,
  renderText,
  TemplateFault,
  type VariableSources,
  variablesOf,
} from './index.ts';
import { printNumber } from './numbers.ts';

const now = new Date('2026-01-01T06:30:00Z');

function rendered(template: string, sources: VariableSources, escaping: Escaping = 'none') {
  return renderText(compileText(template, escaping), variablesOf(sources), { now });
}
const text = (template: string, sources: VariableSources, escaping?: Escaping) =>
  rendered(template, sources, escaping).text;

const ana: VariableSources = {
  endpoint: {
    Id: 'endpoint-1',
    Address: 'ana@example.com',
    ChannelType: 'EMAIL',
    EndpointStatus: 'ACTIVE',
    OptOut: 'NONE',
    RequestId: 'request-1',
    CreationDate: '2026-06-30T11:45:25.220Z',
    EffectiveDate: '2026-06-30T13:45:25+02:00',
    Attributes: { sizes: ['S', 'M'], none: [] },
    Metrics: { cart: 12.5, tiny: 1e-7 },
    Demographic: { Locale: 'en_US', Timezone: 'Europe/Berlin', AppVersion: '1.2' },
    Location: { City: 'Köln', Latitude: 50.9375, Longitude: -6.96, PostalCode: '50667' },
    User: { UserId: 'user-1', UserAttributes: { FirstName: ['Ana'], 'Last Name': ['<b>'], age: 7, plan: 'gold' } },
  },
};

describe('variables of the endpoint', () => {
  it.each([
    [
      '{{Address}} {{Id}} {{ChannelType}} {{EndpointStatus}} {{OptOut}} {{RequestId}}',
      'ana@example.com endpoint-1 EMAIL ACTIVE NONE request-1',
    ],
    ['{{CreationDate}} {{EffectiveDate}}', '2026-06-30T11:45:25.220Z 2026-06-30T11:45:25.000Z'],
    ['{{Demographic.Locale}} {{Demographic.Timezone}} {{Demographic.AppVersion}}', 'en_US Europe/Berlin 1.2'],
    ['{{Location.City}} {{Location.Latitude}} {{Location.Longitude}}', 'Köln 50.9 -7'],
    ['{{#with Location}}{{Latitude}}{{/with}} {{lookup Location "Latitude"}}', '50.9 50.9'],
    ['{{#each Location}}{{this}} {{/each}}', 'Köln 50.9 -7 50667 '],
    ['{{Metrics.cart}} {{Metrics.tiny}}', '12.5 0.0000001'],
    ['{{Attributes.sizes}} {{Attributes.sizes.[1]}} {{Attributes.sizes.length}}', 'S,M M 2'],
    ['{{User.UserId}} {{User.UserAttributes.age}} {{User.UserAttributes.plan.[0]}}', 'user-1 7 gold'],
  ])('%s', (template, expected) => {
    expect(rendered(template, ana)).toEqual({ text: expected, missing: [], warnings: [] });
  });

  it('case 46: a list of one needs no index', () => {
    expect(text('{{User.UserAttributes.FirstName}} {{User.UserAttributes.FirstName.[0]}}', ana)).toBe('Ana Ana');
  });

  it('case 47: names with spaces stand in brackets', () => {
    expect(text('{{User.UserAttributes.[Last Name].[0]}}', ana)).toBe('<b>');
  });

  it('names are case sensitive, and other members of an endpoint are not to be had', () => {
    const endpoint = { ...ana.endpoint, CohortId: '42', ApplicationId: 'app' };
    expect(text('{{address}}{{CohortId}}{{ApplicationId}}', { endpoint })).toBe('');
  });

  it('a user given beside the endpoint is the one that counts', () => {
    expect(text('{{User.UserId}}', { ...ana, user: { UserId: 'user-2' } })).toBe('user-2');
  });

  it('recommendations', () => {
    const recommendations = { RecommendationItems: ['a', 'b'], Recommendations: { title: ['A', 'B'], price: '3' } };
    const template =
      '{{RecommendationItems.[1]}} {{Recommendations.title.[0]}} {{Recommendations.price}} {{RecommendationItems}}';
    expect(text(template, { ...ana, recommendations })).toBe('b A 3 a,b');
  });

  it('an object cannot be printed', () => {
    expect(rendered('a{{User}}\n{{Location}}', ana)).toEqual({
      text: 'a\n',
      missing: [],
      warnings: [
        'Line 1: this variable holds other variables and cannot be printed',
        'Line 2: this variable holds other variables and cannot be printed',
      ],
    });
  });
});

describe('order of sources', () => {
  const key = 'User.UserAttributes.FirstName';
  const target = { [key]: ['of the target'] };
  const channel = { [key]: ['of the channel'] };
  const message = { [key]: ['of the message'] };
  const defaults = { [key]: 'default', Other: 'other' };

  it.each([
    [{ ...ana, substitutions: [target, channel, message], defaults }, 'of the target'],
    [{ ...ana, substitutions: [undefined, channel, message], defaults }, 'of the channel'],
    [{ ...ana, substitutions: [undefined, undefined, message], defaults }, 'of the message'],
    [{ ...ana, substitutions: [{}, {}, { Other: ['x'] }], defaults }, 'Ana'],
    [{ defaults }, 'default'],
    [{ endpoint: { User: { UserAttributes: { FirstName: [] } } }, defaults }, 'default'],
    [{ ...ana, substitutions: [{ [key]: [] }, undefined, undefined] }, 'Ana'],
    [{}, ''],
  ] satisfies [VariableSources, string][])('case 49: %#', (sources, expected) => {
    expect(text(`{{${key}}}`, sources)).toBe(expected);
    expect(text(`{{${key}.[0]}}`, sources)).toBe(expected);
  });

  it('a key is the text between the braces, with brackets or without', () => {
    const template = '{{User.UserAttributes.[Last Name].[0]}}';
    for (const name of [
      'User.UserAttributes.[Last Name].[0]',
      'User.UserAttributes.[Last Name]',
      'User.UserAttributes.Last Name',
    ]) {
      expect(text(template, { substitutions: [{ [name]: ['x'] }, undefined, undefined] })).toBe('x');
    }
  });

  it('substitutions are found in `with` and make it true', () => {
    const substitutions = [undefined, { 'User.Nick': ['N'], Plain: ['P'] }, undefined] as const;
    const template = '{{#with User}}{{Nick}}{{Plain}}{{UserId}}{{else}}nobody{{/with}}';
    expect(text(template, { substitutions })).toBe('NP');
    expect(text(template, { ...ana, substitutions })).toBe('NPuser-1');
    expect(text('{{#if User.Nick}}a{{/if}}{{#if User}}b{{/if}}{{#if Use}}c{{/if}}', { substitutions })).toBe('ab');
  });

  it('a list of many is joined, elements are named by index', () => {
    const substitutions = [{ items: ['a', 'b'] }, undefined, undefined] as const;
    expect(text('{{items}} {{items.[1]}} {{items.[2]}}{{#each items}}<{{this}}>{{/each}}', { substitutions })).toBe(
      'a,b b <a><b>',
    );
  });

  it('defaults may be nested, the literal key comes first', () => {
    const defaults = { User: { Nick: 'nested', Age: 3, Tags: ['x', 'y'], On: true }, 'User.Nick': 'literal' };
    expect(text('{{User.Nick}} {{User.Age}} {{User.Tags}} {{User.On}}', { defaults })).toBe('literal 3 x,y true');
  });

  it('a part of a default that is a text is no letter of it', () => {
    expect(rendered('{{a.[1]}}{{a.length}}{{a.x}}', { defaults: { a: 'text' } }).missing).toEqual([
      'a.[1]',
      'a.length',
      'a.x',
    ]);
  });
});

describe('missing variables', () => {
  it('case 48: render empty and are told, once each', () => {
    expect(rendered('a{{Missing.x}}b{{upper Missing.[y z]}}{{Missing.x}}', ana)).toEqual({
      text: 'ab',
      missing: ['Missing.x', 'Missing.[y z]'],
      warnings: [],
    });
  });

  it('are not told when being missing was the question', () => {
    const template =
      '{{#if a}}{{/if}}{{#each b}}{{/each}}{{#with c}}{{/with}}{{eq d 1}}{{gt e 1}}{{yesno f}}{{#unless (upper g)}}{{/unless}}{{#h}}{{/h}}{{and i j}}';
    expect(rendered(template, {}).missing).toEqual([]);
  });

  it('of a branch that is not taken are not told', () => {
    expect(rendered('{{#if User}}{{User.UserId}}{{/if}}{{eq 1 1 yes="y" no=Nothing}}', {}).missing).toEqual([]);
  });
});

describe('what a template tells of itself', () => {
  it.each([
    ['plain text', [], true],
    ['{{! a comment }}{{!-- {{x}} --}}text', [], true],
    ['{{upper "x"}}', [], true],
    [
      '{{User.UserAttributes.[Last Name].[0]}}{{Address}}{{Address}}',
      ['User.UserAttributes.[Last Name].[0]', 'Address'],
      false,
    ],
    ['{{#if (eq a "x")}}{{upper b.c}}{{else}}{{join d " "}}{{/if}}', ['a', 'b.c', 'd'], false],
    [
      '{{#each Attributes.sizes}}{{this}}{{@index}}{{User.UserId}}{{/each}}',
      ['Attributes.sizes', 'User.UserId'],
      false,
    ],
    ['{{#with Location}}{{City}}{{User.UserId}}{{/with}}', ['Location', 'Location.City', 'User.UserId'], false],
    ['{{#with User as |u|}}{{u.UserId}}{{/with}}', ['User', 'User.UserId'], false],
    ['{{now "yyyy" tz=America/Los_Angeles}}', [], false],
    ['{{now "yyyy" tz=Demographic.Timezone}}', ['Demographic.Timezone'], false],
    ['{{ljust a size=b pad=c}}{{inflect n one many}}', ['a', 'b', 'c', 'n'], false],
    ['{{#*inline "p"}}{{a}}{{/inline}}{{b}}{{> p x=c}}', ['a', 'b', 'c'], false],
    ['{{lookup Attributes "a b"}}{{lookup Attributes c}}', ['Attributes.[a b]', 'Attributes', 'c'], false],
    ['{{"Last Name"}}{{[0]}}', ['[Last Name]', '[0]'], false],
    ['{{center}}', ['center'], false],
  ])('%s', (template, variables, isConstant) => {
    expect(compileText(template, 'none')).toMatchObject({ variables, isConstant });
  });
});

describe('escaping', () => {
  const substitutions = [{ x: [`<b> & "quoted" 'single' \`=\\\n\u0001`] }, undefined, undefined] as const;

  it('case 55: HTML in HTML, nothing in plain text', () => {
    expect(text('{{User.UserAttributes.[Last Name]}}', ana, 'html')).toBe('&lt;b&gt;');
    expect(text('{{User.UserAttributes.[Last Name]}}', ana, 'none')).toBe('<b>');
  });

  it('as Handlebars escapes', () => {
    expect(text('{{x}}', { substitutions }, 'html')).toBe(Handlebars.escapeExpression(substitutions[0].x[0] as string));
  });

  it('of what helpers give', () => {
    expect(text('{{upper x}}{{eq 1 1 yes="<i>"}}', { substitutions }, 'html')).not.toMatch(/[<>"']/);
  });

  it('three braces and {{&x}} insert as it is, everywhere', () => {
    for (const escaping of ['html', 'json', 'none'] as const) {
      expect(text('{{{x}}}{{&x}}', { substitutions }, escaping)).toBe(substitutions[0].x[0]?.repeat(2));
    }
  });

  it('inside a JSON string whatever is inserted comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const json = text('{"a":"[{{x}}]"}', { substitutions: [{ x: [value] }, undefined, undefined] }, 'json');
        expect(JSON.parse(json)).toEqual({ a: `[${value}]` });
      }),
    );
  }, 60_000);

  it('inside HTML whatever is inserted stays text', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const html = text('{{x}}', { substitutions: [{ x: [value] }, undefined, undefined] }, 'html');
        expect(html).not.toMatch(/[<>"'`=]/);
        expect(html).toBe(Handlebars.escapeExpression(value));
      }),
    );
  }, 60_000);
});

describe('faults of a template', () => {
  it.each([
    ['Hello {{name', 1, 9],
    ['{{#if a}}x', 1, 11],
    ['\n\n  {{foo x}}', 3, 3],
    ['{{#if a}}{{/each}}', 1, 4],
    ['{{/if}}', 1, 1],
    ['{{a.0}}', 1, 5],
    ['{{#upper a}}x{{/upper}}', 1, 1],
    ['{{#foo a}}x{{/foo}}', 1, 1],
    ['{{each a}}', 1, 1],
    ['{{upper (if a)}}', 1, 9],
    ['{{#if}}x{{/if}}', 1, 1],
    ['{{#each}}x{{/each}}', 1, 1],
    ['{{add 1}}', 1, 1],
    ['{{> a}}', 1, 1],
    ['{{> (lookup . "x")}}', 1, 1],
    ['{{#> a}}x{{/a}}', 1, 1],
    ['{{* a}}', 1, 1],
    ['{{#*foo "a"}}x{{/foo}}', 1, 1],
    ['{{{{raw}}}}x{{{{/raw}}}}', 1, 1],
    ['{{log x}}', 1, 1],
    ['{{#*inline "a"}}{{> a}}{{/inline}}{{> a}}', 1, 17],
    [`{{a${'.b'.repeat(20)}}}`, 1, 3],
  ])('%s', (template, line, column) => {
    let thrown: unknown;
    try {
      compileText(template, 'none');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TemplateFault);
    expect(thrown).toMatchObject({ line, column });
    expect((thrown as Error).message).toMatch(new RegExp(`^Line ${line}, column ${column}: [a-z}"(]`));
  });

  it('are told without quoting what an author pasted', () => {
    for (const template of [
      '{{ana@example.com}}',
      '{{x "ana@example.com}}',
      '{{#[ana@example.com] a}}{{/x}}',
      '{{ana-example-com x}}{{#a}}',
    ]) {
      expect(() => compileText(template, 'none')).toThrow(/^(?!.*example\.com)/);
    }
  });

  it('case 45: default substitutions that are not a JSON object', () => {
    for (const wrong of ['', '{', '[]', '"x"', 'null', '1']) expect(() => parseDefaults(wrong)).toThrow(TemplateFault);
    expect(parseDefaults('{"User.UserAttributes.FirstName":"friend"}')).toEqual({
      'User.UserAttributes.FirstName': 'friend',
    });
  });
});

describe('texts as Handlebars has them', () => {
  it.each([
    '  {{#if a}}\n  yes\n  {{/if}}\nend\n',
    '{{~#if a~}} \n yes {{~else~}} no {{~/if~}} \n end',
    'a {{~a~}} b',
    '\\{{a}} \\\\{{a}}',
    '{{! x }}\n{{!-- }} --}}\ntext',
    '<ul>\n{{#each list}}\n  <li>{{this}}</li>\n{{/each}}\n</ul>',
    '{{#each list}}{{@index}}{{#unless @last}}, {{/unless}}{{else}}none{{/each}}',
    '{{#with object}}{{x}} {{../a}} {{#each ../list}}{{this}}{{../x}}{{/each}}{{/with}}',
    '{{#object}}{{x}}{{/object}}{{^object}}no{{/object}}',
    '{{#*inline "p"}}\n<{{a}}>\n{{/inline}}\n  {{> p}}\nend',
    '{{"a"}} {{[a]}} {{this.a}} {{./a}} {{@root.a}} {{object.x}} {{object/x}}',
    '{{#if nothing}}1{{else if a}}2{{else}}3{{/if}}',
    '{{lookup list 1}} {{lookup object "x"}}',
    '{{#each object as |value key|}}{{key}}={{value}}{{/each}}',
  ])('%j', (template) => {
    const defaults = { a: 'A<', list: ['x', 'y'], object: { x: 'X' } };
    expect(text(template, { defaults }, 'html')).toBe(Handlebars.create().compile(template)(defaults));
  });
});

describe('numbers', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [1.000000005, '1.00000001'],
    [0.000000004, '0'],
    [0.000000005, '0.00000001'],
    [-0.000000004, '0'],
    [123456.123456789, '123456.12345679'],
    [1e21, '1000000000000000000000'],
    [1.5e300, `15${'0'.repeat(299)}`],
    [5e-324, '0'],
    [0.1 + 0.2, '0.3'],
    [9.999999999, '10'],
    [Number.NaN, ''],
    [Number.POSITIVE_INFINITY, ''],
  ])('%f is printed %s', (value, expected) => {
    // 1.5e300 is not the number it looks like: only its length is of interest.
    if (value === 1.5e300) expect(printNumber(value)).toMatch(/^15\d{299}$/);
    else expect(printNumber(value)).toBe(expected);
  });

  it('whatever the number: no exponent, at most 8 decimals, within half a unit', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const printed = printNumber(value);
        expect(printed).toMatch(/^(?:0|-?(?:0\.\d{0,7}[1-9]|[1-9]\d*(?:\.\d{0,7}[1-9])?))$/);
        expect(Math.abs(Number(printed) - value)).toBeLessThanOrEqual(0.50001e-8 + Math.abs(value) * Number.EPSILON);
      }),
    );
  }, 60_000);
});

describe('compiled texts', () => {
  it('are the same again, for each way of escaping', () => {
    expect(compileText('{{a}}', 'html')).toBe(compileText('{{a}}', 'html'));
    expect(compileText('{{a}}', 'html')).not.toBe(compileText('{{a}}', 'json'));
  });

  it('keep what was used last, within a number of entries', () => {
    const texts = new CompiledTexts({ entries: 2, bytes: 1_000_000 });
    const [a] = [texts.get('{{a}}', 'none'), texts.get('{{b}}', 'none')];
    expect(texts.get('{{a}}', 'none')).toBe(a);
    texts.get('{{c}}', 'none');
    expect(texts.size('none').entries).toBe(2);
    expect(texts.get('{{a}}', 'none')).toBe(a);
  });

  it('keep within a number of bytes, and no text that is larger than all of them', () => {
    const texts = new CompiledTexts({ entries: 1_000, bytes: 10_000 });
    for (let number = 0; number < 100; number += 1) texts.get(`{{a}} ${number}`, 'none');
    expect(texts.size('none').bytes).toBeLessThanOrEqual(10_000);
    expect(texts.size('none').entries).toBeGreaterThan(3);
    texts.get('x'.repeat(10_000), 'none');
    expect(texts.size('none')).toEqual({ entries: 0, bytes: 0 });
  });
});
