/** The type of an event: chosen of those that were seen, or typed. What is typed counts once the field is left. */
import Autosuggest from '@cloudscape-design/components/autosuggest';
import { useState } from 'react';
import { useEventNames } from '../event-queries.ts';

export interface EventTypeInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
}

/** A form field names it. */
export function EventTypeInput({ value, onChange, placeholder = 'Choose or type an event' }: EventTypeInputProps) {
  const { events } = useEventNames();
  return <NameInput {...{ value, onChange, placeholder }} names={events} />;
}

export interface NameInputProps {
  readonly value: string;
  readonly names: readonly string[];
  readonly onChange: (value: string) => void;
  readonly placeholder: string;
  /** Where no form field names it. */
  readonly label?: string;
}

export function NameInput({ value, names, onChange, placeholder, label }: NameInputProps) {
  const [typed, type] = useState<string>();
  const settle = (text: string) => {
    type(undefined);
    if (text !== value) onChange(text);
  };
  return (
    <Autosuggest
      value={typed ?? value}
      options={names.map((name) => ({ value: name }))}
      onChange={({ detail }) => type(detail.value)}
      onSelect={({ detail }) => settle(detail.value)}
      onKeyDown={({ detail }) => {
        if (detail.key === 'Enter' && typed !== undefined) settle(typed);
      }}
      onBlur={() => {
        if (typed !== undefined) settle(typed);
      }}
      enteredTextLabel={(text) => `Use “${text}”`}
      placeholder={placeholder}
      empty="Type a name"
      ariaLabel={label}
    />
  );
}
