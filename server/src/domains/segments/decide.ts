/**
 * Whether an endpoint that was read already is in a segment, without another question to the database. What only the
 * database knows (lists of members, when an endpoint was last active) or reads in a way of its own (dates, distances) is
 * left to it. Says the same as the compiled condition where it says anything: the segments' oracle test holds it to that.
 */
import { foldCountry, type WholeEndpoint } from '../audience/index.ts';
import type { Source } from './compile.ts';
import { pushChannels } from './conditions.ts';
import type { MetricComparison, Quantifier, SetMember, Test } from './definition.ts';

/** Undefined: ask the database. */
type Answer = boolean | undefined;

export function decideMember(source: Source, endpoint: WholeEndpoint): Answer {
  if (source.kind === 'members') return undefined;
  const { groups, include } = source.definition;
  return quantify(
    include,
    groups.map(({ sources, sourceType, dimensions, type }) =>
      quantify('ALL', [
        quantify(
          sourceType,
          sources.map((base) => decideMember(base, endpoint)),
        ),
        quantify(
          type,
          dimensions.map((tests) =>
            quantify(
              'ALL',
              tests.map((test) => decideTest(test, endpoint)),
            ),
          ),
        ),
      ]),
    ),
  );
}

/** Of nothing, everything holds. What is not known matters only where the rest does not decide. */
function quantify(quantifier: Quantifier, answers: readonly Answer[]): Answer {
  if (answers.length === 0) return true;
  const deciding = quantifier !== 'ALL';
  if (answers.includes(deciding)) return quantifier === 'ANY';
  if (answers.includes(undefined)) return undefined;
  return quantifier !== 'ANY';
}

function decideTest(test: Test, endpoint: WholeEndpoint): Answer {
  switch (test.kind) {
    case 'values':
      return valuesOf(test, endpoint).some((value) => test.values.includes(value)) !== test.excluded;
    case 'contains':
      return valuesOf(test, endpoint).some((value) => test.values.some((part) => value.includes(part)));
    case 'metric': {
      const metric = own(endpoint.metrics, test.name);
      return metric !== undefined && compares(test.comparison, metric, test.value);
    }
    case 'set':
      return isInSet(test.of, test.values, endpoint) !== test.excluded;
    case 'date':
    case 'distance':
    case 'recency':
      return undefined;
  }
}

function valuesOf(
  { of, name }: Extract<Test, { kind: 'values' | 'contains' }>,
  { attributes, userAttributes, sharedAttributes }: WholeEndpoint,
): readonly string[] {
  return own(of === 'attribute' ? attributes : (sharedAttributes ?? userAttributes), name) ?? [];
}

/** Names are data: one may be `constructor`. */
function own<Value>(map: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

function compares(comparison: MetricComparison, metric: number, value: number): boolean {
  switch (comparison) {
    case 'GREATER_THAN':
      return metric > value;
    case 'LESS_THAN':
      return metric < value;
    case 'GREATER_THAN_OR_EQUAL':
      return metric >= value;
    case 'LESS_THAN_OR_EQUAL':
      return metric <= value;
    case 'EQUAL':
      return metric === value;
  }
}

function isInSet(
  of: SetMember,
  values: readonly string[],
  { channelType, demographic, location }: WholeEndpoint,
): boolean {
  switch (of) {
    // Endpoints have no such member.
    case 'DeviceType':
      return false;
    case 'Channel': {
      const channels = values.map((value) => value.toUpperCase());
      if (channelType === null) return false;
      return channels.includes(channelType) || (channels.includes('PUSH') && pushChannels.includes(channelType));
    }
    case 'Country': {
      const country = location.Country;
      return country !== undefined && values.map(foldCountry).includes(foldCountry(country));
    }
    default: {
      const value = demographic[of];
      return value !== undefined && values.includes(value);
    }
  }
}
