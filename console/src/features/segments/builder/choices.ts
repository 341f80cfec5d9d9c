/** What the builder offers to choose from, in words, and what a filter becomes when another thing is asked about. */
import { type Filter, newKey, type SetMember, setMembers } from './model.ts';

export interface Option {
  readonly value: string;
  readonly label: string;
}

const setWords: Record<SetMember, string> = {
  Channel: 'Channel',
  Platform: 'Platform',
  Make: 'Make of the device',
  Model: 'Model of the device',
  AppVersion: 'App version',
  DeviceType: 'Device type',
  Country: 'Country',
};

export const subjects: readonly Option[] = [
  { value: 'attribute', label: 'Attribute' },
  { value: 'userAttribute', label: 'Attribute of the user' },
  { value: 'metric', label: 'Metric' },
  { value: 'recency', label: 'Activity' },
  ...setMembers.map((member) => ({ value: member, label: setWords[member] })),
  { value: 'distance', label: 'Distance from a place' },
];

export function subjectOf(filter: Filter): string {
  return filter.kind === 'set' ? filter.member : filter.kind;
}

/** What was typed stays where it fits. */
export function changeSubject(filter: Filter, subject: string): Filter {
  const { key } = filter;
  const name = 'name' in filter ? filter.name : '';
  const values = 'values' in filter ? filter.values : [];
  switch (subject) {
    case 'attribute':
    case 'userAttribute':
      return { key, kind: subject, name, operator: 'INCLUSIVE', values };
    case 'metric':
      return { key, kind: 'metric', name, operator: 'GREATER_THAN_OR_EQUAL', value: '' };
    case 'recency':
      return { key, kind: 'recency', duration: 'DAY_30', recency: 'ACTIVE' };
    case 'distance':
      return { key, kind: 'distance', latitude: '', longitude: '', kilometres: '10' };
    default:
      return { key, kind: 'set', member: subject as SetMember, operator: 'INCLUSIVE', values };
  }
}

export function newFilter(): Filter {
  return { key: newKey(), kind: 'attribute', name: '', operator: 'INCLUSIVE', values: [] };
}

export function operatorsOf(filter: Filter): readonly Option[] {
  if (filter.kind === 'metric') return metricOperators;
  return filter.kind === 'set' ? attributeOperators.slice(0, 2) : attributeOperators;
}

export const attributeOperators: readonly Option[] = [
  { value: 'INCLUSIVE', label: 'is' },
  { value: 'EXCLUSIVE', label: 'is not' },
  { value: 'CONTAINS', label: 'contains' },
  { value: 'BEFORE', label: 'is before' },
  { value: 'AFTER', label: 'is after' },
  { value: 'ON', label: 'is on' },
  { value: 'BETWEEN', label: 'is between' },
];

export const metricOperators: readonly Option[] = [
  { value: 'EQUAL', label: '=' },
  { value: 'GREATER_THAN', label: '>' },
  { value: 'GREATER_THAN_OR_EQUAL', label: '≥' },
  { value: 'LESS_THAN', label: '<' },
  { value: 'LESS_THAN_OR_EQUAL', label: '≤' },
];

export const recencyTypes: readonly Option[] = [
  { value: 'ACTIVE', label: 'was active' },
  { value: 'INACTIVE', label: 'was not active' },
];

export const recencyDurations: readonly Option[] = [
  { value: 'HR_24', label: 'in the last day' },
  { value: 'DAY_7', label: 'in the last 7 days' },
  { value: 'DAY_14', label: 'in the last 14 days' },
  { value: 'DAY_30', label: 'in the last 30 days' },
];

export const criteriaQuantifiers: readonly Option[] = [
  { value: 'ALL', label: 'all of these hold' },
  { value: 'ANY', label: 'any of these holds' },
  { value: 'NONE', label: 'none of these holds' },
];

export const groupQuantifiers: readonly Option[] = [
  { value: 'ALL', label: 'in all groups' },
  { value: 'ANY', label: 'in any group' },
  { value: 'NONE', label: 'in no group' },
];
