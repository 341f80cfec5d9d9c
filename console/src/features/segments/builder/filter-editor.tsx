/** One filter: what it asks about, how, and for which values. Names and values in use are offered. */
import Autosuggest from '@cloudscape-design/components/autosuggest';
import Button from '@cloudscape-design/components/button';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { type AttributeNames, useAttributeValues } from '../queries.ts';
import {
  changeSubject,
  type Option,
  operatorsOf,
  recencyDurations,
  recencyTypes,
  subjectOf,
  subjects,
} from './choices.ts';
import type { AttributeOperator, Filter } from './model.ts';
import { ValuesInput } from './values-input.tsx';

export interface FilterEditorProps {
  readonly filter: Filter;
  readonly names: AttributeNames;
  readonly onChange: (filter: Filter) => void;
  readonly onRemove: () => void;
}

export function FilterEditor({ filter, names, onChange, onRemove }: FilterEditorProps) {
  return (
    <div className="filter">
      <Choice
        label="What"
        value={subjectOf(filter)}
        options={subjects}
        onChange={(subject) => onChange(changeSubject(filter, subject))}
      />
      <Details filter={filter} names={names} onChange={onChange} />
      <Button variant="icon" iconName="remove" ariaLabel="Remove filter" onClick={onRemove} />
    </div>
  );
}

type DetailsProps = Omit<FilterEditorProps, 'onRemove'>;

function Details({ filter, names, onChange }: DetailsProps) {
  switch (filter.kind) {
    case 'attribute':
    case 'userAttribute':
      return <AttributeDetails filter={filter} names={names} onChange={onChange} />;
    case 'metric':
      return (
        <Row>
          <NameInput name={filter.name} names={names.metrics} onChange={(name) => onChange({ ...filter, name })} />
          <Choice
            label="Comparison"
            value={filter.operator}
            options={operatorsOf(filter)}
            onChange={(operator) => onChange({ ...filter, operator })}
          />
          <NumberInput label="Value" value={filter.value} onChange={(value) => onChange({ ...filter, value })} />
        </Row>
      );
    case 'set':
      return (
        <Row>
          <Choice
            label="Comparison"
            value={filter.operator}
            options={operatorsOf(filter)}
            onChange={(operator) => onChange({ ...filter, operator: operator as 'INCLUSIVE' | 'EXCLUSIVE' })}
          />
          <ValuesInput
            label="Values"
            values={filter.values}
            known={filter.member === 'Channel' ? channelTypes : []}
            onChange={(values) => onChange({ ...filter, values })}
          />
        </Row>
      );
    case 'recency':
      return (
        <Row>
          <Choice
            label="Activity"
            value={filter.recency}
            options={recencyTypes}
            onChange={(recency) => onChange({ ...filter, recency: recency as 'ACTIVE' | 'INACTIVE' })}
          />
          <Choice
            label="Time"
            value={filter.duration}
            options={recencyDurations}
            onChange={(duration) => onChange({ ...filter, duration })}
          />
        </Row>
      );
    case 'distance':
      return (
        <Row>
          <NumberInput
            label="Latitude"
            value={filter.latitude}
            onChange={(latitude) => onChange({ ...filter, latitude })}
          />
          <NumberInput
            label="Longitude"
            value={filter.longitude}
            onChange={(longitude) => onChange({ ...filter, longitude })}
          />
          <NumberInput
            label="Kilometres"
            value={filter.kilometres}
            onChange={(kilometres) => onChange({ ...filter, kilometres })}
          />
        </Row>
      );
  }
}

const channelTypes = [
  ...['EMAIL', 'SMS', 'VOICE', 'PUSH', 'CUSTOM', 'GCM', 'APNS', 'APNS_SANDBOX', 'ADM', 'BAIDU', 'IN_APP'],
].map((value) => ({ value }));

interface AttributeDetailsProps {
  readonly filter: Extract<Filter, { kind: 'attribute' | 'userAttribute' }>;
  readonly names: AttributeNames;
  readonly onChange: (filter: Filter) => void;
}

function AttributeDetails({ filter, names, onChange }: AttributeDetailsProps) {
  const known = filter.kind === 'attribute' ? names.attributes : names.userAttributes;
  const kind = filter.kind === 'attribute' ? 'attribute' : 'user-attribute';
  const isDate = ['BEFORE', 'AFTER', 'ON', 'BETWEEN'].includes(filter.operator);
  const { data, isFetching } = useAttributeValues(kind, !isDate && known.includes(filter.name) ? filter.name : '');
  return (
    <Row>
      <NameInput name={filter.name} names={known} onChange={(name) => onChange({ ...filter, name })} />
      <Choice
        label="Comparison"
        value={filter.operator}
        options={operatorsOf(filter)}
        onChange={(operator) => onChange({ ...filter, operator: operator as AttributeOperator })}
      />
      <ValuesInput
        label="Values"
        values={filter.values}
        known={(data?.Item ?? []).map(({ Value, Count }) => ({ value: Value, count: Count }))}
        loading={isFetching}
        placeholder={isDate ? '2026-11-30' : 'Value, then Enter'}
        onChange={(values) => onChange({ ...filter, values })}
      />
    </Row>
  );
}

function Row({ children }: { readonly children: React.ReactNode }) {
  return <div className="filter-details">{children}</div>;
}

interface NameInputProps {
  readonly name: string;
  readonly names: readonly string[];
  readonly onChange: (name: string) => void;
}

function NameInput({ name, names, onChange }: NameInputProps) {
  return (
    <Autosuggest
      value={name}
      options={names.map((value) => ({ value }))}
      onChange={({ detail }) => onChange(detail.value)}
      enteredTextLabel={(value) => `Use “${value}”`}
      placeholder="Name"
      ariaLabel="Name"
      empty="No names in use"
    />
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function NumberInput({ label, value, onChange }: TextProps) {
  return (
    <Input
      type="number"
      inputMode="decimal"
      step="any"
      value={value}
      onChange={({ detail }) => onChange(detail.value)}
      placeholder={label}
      ariaLabel={label}
    />
  );
}

export interface ChoiceProps extends TextProps {
  readonly options: readonly Option[];
}

export function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <Select
      selectedOption={options.find((option) => option.value === value) ?? null}
      options={[...options]}
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? value)}
      ariaLabel={label}
      placeholder={label}
    />
  );
}
