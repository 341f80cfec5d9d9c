/** What is held of an endpoint, as facts: names and values are whatever people sent, and stay text. */
import type { Fact } from '../../ui/facts.tsx';

const nothing: readonly Fact[] = [{ label: 'None', value: undefined }];

export function listFacts(lists: Readonly<Record<string, readonly string[]>> | undefined): readonly Fact[] {
  return orNothing(Object.entries(lists ?? {}).map(([name, values]) => toFact(name, values.join(', '))));
}

export function numberFacts(numbers: Readonly<Record<string, number>> | undefined): readonly Fact[] {
  return orNothing(Object.entries(numbers ?? {}).map(([name, value]) => toFact(name, String(value))));
}

export function plainFacts(members: Readonly<Record<string, string | number | undefined>>): readonly Fact[] {
  const given = Object.entries(members).filter(([, value]) => value !== undefined && value !== '');
  return orNothing(given.map(([name, value]) => toFact(words(name), String(value))));
}

/** Isolated: text from right to left must not turn the page around it. */
function toFact(label: string, value: string): Fact {
  return { label, value: <bdi>{value}</bdi> };
}

function orNothing(facts: readonly Fact[]): readonly Fact[] {
  return facts.length === 0 ? nothing : facts;
}

/** `PostalCode` → `Postal code` */
function words(name: string): string {
  const spaced = name.replaceAll(/(?<=[a-z])([A-Z])/g, (capital) => ` ${capital.toLowerCase()}`);
  return spaced;
}
