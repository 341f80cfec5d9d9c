/**
 * Rendering one e-mail for one recipient after another, on one core, beside the function that Handlebars itself
 * compiles from the same template.
 */
import Handlebars from 'handlebars';
import { compileText, renderText, variablesOf } from '../server/src/domains/templates/render/index.ts';
import { type Row, rate } from './table.ts';

const rounds = 5;
const renders = 20_000;
const now = new Date('2026-03-05T08:00:00Z');

const paragraph = `<p style="margin:0 0 16px;font-family:Arial,sans-serif;font-size:15px;line-height:22px">Lorem ipsum
dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.</p>\n`;

/** About 5 KB with ten variables, a loop, a block and six helpers. */
const template = `<!doctype html><html lang="en"><head><title>{{Attributes.shop.[0]}}</title></head><body>
<h1>Hello {{capitalizeFirst User.UserAttributes.FirstName.[0]}} {{User.UserAttributes.[Last Name].[0]}},</h1>
${paragraph.repeat(7)}
{{#if User.UserId}}<p>Your number with us: {{User.UserId}}</p>{{else}}<p>Not registered yet?</p>{{/if}}
<ul>{{#each Attributes.basket}}<li>{{@index}}: {{this}}</li>{{/each}}</ul>
${paragraph.repeat(7)}
<p>{{gte Metrics.total 50 yes="Shipping is free." no="Add something more!"}} {{inflect Metrics.items "item" "items" includeCount=true}}
for {{Metrics.total}} go to {{upper Location.Country}}, {{Location.City}}, on {{join Attributes.[days.list] " or "}}.</p>
${paragraph.repeat(8)}
<p>We wrote this on {{now "yyyy-MM-dd"}} to {{Address}}.</p></body></html>`;

function recipient(number: number) {
  return {
    Address: `person-${number}@example.com`,
    Attributes: { shop: ['Tea & Co'], basket: ['Assam', 'Darjeeling', 'Ceylon'], 'days.list': ['Mon', 'Tue'] },
    Location: { Country: 'de', City: 'Köln' },
    Metrics: { total: 42.5 + number, items: number },
    User: { UserId: `user-${number}`, UserAttributes: { FirstName: ['ana'], 'Last Name': ["O'Neil"] } },
  };
}

/** The helpers of the template, as an application would give them to Handlebars. */
function handlebars(): (context: unknown) => string {
  const own = Handlebars.create();
  own.registerHelper('capitalizeFirst', (text: string) => text.charAt(0).toUpperCase() + text.slice(1));
  own.registerHelper('upper', (text: string) => text.toUpperCase());
  own.registerHelper('join', (list: string[], separator: string) => list.join(separator));
  own.registerHelper('now', () => now.toISOString().slice(0, 10));
  own.registerHelper('gte', (left: number, right: number, { hash }) => (left >= right ? hash.yes : hash.no));
  own.registerHelper('inflect', (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`);
  return own.compile(template);
}

/** Renders a second; the text is flattened, as sending it would. */
function measure(render: (number: number) => string): number {
  let best = 0;
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    for (let number = 0; number < renders; number += 1) {
      if (Number.isNaN(render(number).charCodeAt(0))) throw new Error('Nothing was rendered.');
    }
    best = Math.max(best, (renders * 1_000) / (performance.now() - begun));
  }
  return best;
}

export async function benchRendering(): Promise<Row[]> {
  const recipients = Array.from({ length: 1_000 }, (_, number) => recipient(number));
  const theirs = handlebars();
  const ours = (number: number) =>
    renderText(
      compileText(template, 'html'),
      variablesOf({
        endpoint: recipients[number % 1_000],
        substitutions: [undefined, undefined, undefined],
        defaults: { 'User.UserAttributes.FirstName': 'friend' },
      }),
      { now },
    ).text;
  if (ours(7) !== theirs(recipients[7])) throw new Error('The two renderings differ.');
  const ceiling = measure((number) => theirs(recipients[number % 1_000]));
  const figure = measure(ours);
  return [
    {
      workload: `render an e-mail of ${(ours(7).length / 1024).toFixed(1)} KB, 10 variables, 6 helpers`,
      figure: rate(figure),
      ceiling: `${rate(ceiling)} by Handlebars' own code`,
      ratio: figure / ceiling,
      aim: '> 50,000/s',
    },
  ];
}
