/** Values of a filter: typed or chosen from those in use, each a token that can be taken away again. */
import Autosuggest from '@cloudscape-design/components/autosuggest';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TokenGroup from '@cloudscape-design/components/token-group';
import { useState } from 'react';

export interface KnownValue {
  readonly value: string;
  readonly count?: number;
}

export interface ValuesInputProps {
  readonly label: string;
  readonly values: readonly string[];
  readonly known?: readonly KnownValue[];
  readonly loading?: boolean;
  readonly placeholder?: string;
  readonly onChange: (values: readonly string[]) => void;
}

export function ValuesInput({ label, values, known = [], loading = false, placeholder, onChange }: ValuesInputProps) {
  const [text, setText] = useState('');
  const add = (value: string) => {
    if (value !== '' && !values.includes(value)) onChange([...values, value]);
    setText('');
  };
  return (
    <SpaceBetween size="xxs">
      <Autosuggest
        value={text}
        options={known
          .filter(({ value }) => !values.includes(value))
          .map(({ value, count }) => ({ value, ...(count !== undefined && { labelTag: String(count) }) }))}
        onChange={({ detail }) => setText(detail.value)}
        onSelect={({ detail }) => add(detail.value)}
        onKeyDown={({ detail }) => {
          if (detail.key === 'Enter') add(text);
        }}
        onBlur={() => add(text)}
        statusType={loading ? 'loading' : 'finished'}
        loadingText="Values in use"
        enteredTextLabel={(value) => `Use “${value}”`}
        placeholder={placeholder ?? 'Value, then Enter'}
        ariaLabel={label}
        empty="Type a value"
      />
      <TokenGroup
        items={values.map((value) => ({ label: value, dismissLabel: `Remove ${value}` }))}
        onDismiss={({ detail }) => onChange(values.filter((_value, index) => index !== detail.itemIndex))}
        alignment="horizontal"
      />
    </SpaceBetween>
  );
}
