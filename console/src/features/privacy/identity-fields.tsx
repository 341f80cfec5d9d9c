/** Naming people: one by one, or many that are pasted or read from a file. They stay in the page and go nowhere else. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import TokenGroup from '@cloudscape-design/components/token-group';
import { useRef, useState } from 'react';
import type { ErasureIdentity } from '../../../../server/src/contract/repoint-types.ts';
import { showNumber } from '../../ui/numbers.ts';
import {
  faultOf,
  type IdentityFormat,
  type IdentityType,
  identityTypes,
  joined,
  readPasted,
  typeLabel,
} from './identities.ts';

const formats: readonly { readonly value: IdentityFormat; readonly label: string }[] = [
  { value: 'RAW', label: 'As it is' },
  { value: 'SHA256', label: 'Its SHA-256' },
];

export interface IdentityKind {
  readonly Type: IdentityType;
  readonly Format: IdentityFormat;
}

const usualKind: IdentityKind = { Type: 'EMAIL', Format: 'RAW' };

export function useIdentityKind() {
  return useState<IdentityKind>(usualKind);
}

export interface IdentityKindFieldsProps {
  readonly kind: IdentityKind;
  readonly onChange: (kind: IdentityKind) => void;
}

export function IdentityKindFields({ kind, onChange }: IdentityKindFieldsProps) {
  const types = identityTypes.map(({ value, label }) => ({ value, label }));
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <FormField label="Kind">
        <Select
          selectedOption={types.find(({ value }) => value === kind.Type) ?? null}
          options={types}
          onChange={({ detail }) => onChange({ ...kind, Type: detail.selectedOption.value as IdentityType })}
          ariaLabel="Kind of identity"
        />
      </FormField>
      <FormField label="Given">
        <Select
          selectedOption={formats.find(({ value }) => value === kind.Format) ?? null}
          options={formats}
          onChange={({ detail }) => onChange({ ...kind, Format: detail.selectedOption.value as IdentityFormat })}
          ariaLabel="How it is given"
        />
      </FormField>
    </SpaceBetween>
  );
}

export interface IdentityFieldsProps {
  readonly identities: readonly ErasureIdentity[];
  readonly most: number;
  readonly onChange: (identities: readonly ErasureIdentity[]) => void;
}

export function IdentityFields({ identities, most, onChange }: IdentityFieldsProps) {
  const [kind, setKind] = useIdentityKind();
  const [value, setValue] = useState('');
  const [fault, setFault] = useState<string>();
  const example = identityTypes.find((each) => each.value === kind.Type)?.example;
  const add = () => {
    const identity = toIdentity(kind, value.trim());
    const wrong = faultOf(identity);
    setFault(wrong === undefined ? undefined : `This ${wrong}.`);
    if (wrong !== undefined) return;
    onChange(joined(identities, [identity]));
    setValue('');
  };
  return (
    <SpaceBetween size="m">
      <IdentityKindFields kind={kind} onChange={setKind} />
      <FormField
        label="Identity"
        errorText={fault}
        constraintText={kind.Format === 'SHA256' ? '64 hex characters, of the address in small letters.' : undefined}
        secondaryControl={
          <Button onClick={add} disabled={value.trim() === ''}>
            Add
          </Button>
        }
      >
        <Input
          value={value}
          onChange={({ detail }) => setValue(detail.value)}
          onKeyDown={({ detail, preventDefault }) => {
            if (detail.key !== 'Enter') return;
            preventDefault();
            if (value.trim() !== '') add();
          }}
          placeholder={kind.Format === 'RAW' ? example : undefined}
          ariaLabel="Identity"
          autoComplete={false}
          spellcheck={false}
        />
      </FormField>
      <ManyPeople kind={kind} onAdd={(more) => onChange(joined(identities, more))} />
      <Named identities={identities} most={most} onChange={onChange} />
    </SpaceBetween>
  );
}

export function toIdentity({ Type, Format }: IdentityKind, Value: string): ErasureIdentity {
  return { Type, Value, ...(Format === 'SHA256' && { Format }) };
}

interface ManyPeopleProps {
  readonly kind: IdentityKind;
  readonly onAdd: (identities: readonly ErasureIdentity[]) => void;
}

function ManyPeople({ kind, onAdd }: ManyPeopleProps) {
  const [text, setText] = useState('');
  const [faults, setFaults] = useState<readonly string[]>([]);
  const file = useRef<HTMLInputElement>(null);
  const { Value: _none, ...usual } = toIdentity(kind, '');
  const add = (pasted: string) => {
    const read = readPasted(pasted, usual);
    setFaults(read.faults);
    onAdd(read.identities);
    setText('');
  };
  return (
    <ExpandableSection headerText="Many at once">
      <SpaceBetween size="s">
        <FormField
          label="One a line"
          description={`Lines are of the kind above (${typeLabel(kind.Type)}), or begin with their own: PHONE,+351912345678`}
        >
          <Textarea
            value={text}
            rows={5}
            onChange={({ detail }) => setText(detail.value)}
            ariaLabel="One a line"
            spellcheck={false}
          />
        </FormField>
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => add(text)} disabled={text.trim() === ''}>
            Add these
          </Button>
          <Button iconName="upload" onClick={() => file.current?.click()}>
            Read a file
          </Button>
          <input
            ref={file}
            type="file"
            hidden
            accept=".csv,.txt,text/plain,text/csv"
            aria-label="File with one identity a line"
            onChange={({ target }) => {
              void target.files?.[0]?.text().then(add);
              target.value = '';
            }}
          />
        </SpaceBetween>
        {faults.length === 0 ? null : (
          <Alert type="warning" header="Some lines name nobody and were left out">
            {faults.map((each) => (
              <div key={each}>{each}</div>
            ))}
          </Alert>
        )}
      </SpaceBetween>
    </ExpandableSection>
  );
}

const shownNames = 20;

function Named({ identities, most, onChange }: IdentityFieldsProps) {
  if (identities.length === 0) return null;
  const shown = identities.slice(0, shownNames);
  const more = identities.length - shown.length;
  return (
    <SpaceBetween size="xs">
      <SpaceBetween direction="horizontal" size="s" alignItems="center">
        <Box variant="strong">
          {identities.length === 1 ? '1 identity' : `${showNumber(identities.length)} identities`}
        </Box>
        <Button variant="inline-link" onClick={() => onChange([])}>
          Remove all
        </Button>
      </SpaceBetween>
      <TokenGroup
        items={shown.map(({ Type, Value, Format }) => ({
          label: Value,
          labelTag: Format === 'SHA256' ? `${typeLabel(Type)}, SHA-256` : typeLabel(Type),
          dismissLabel: `Remove ${Value}`,
        }))}
        onDismiss={({ detail }) => onChange(identities.filter((_each, index) => index !== detail.itemIndex))}
      />
      {more > 0 ? <Box color="text-body-secondary">and {showNumber(more)} more</Box> : null}
      {identities.length > most ? (
        <Alert type="error">At most {showNumber(most)} can be named at once: send the others in another request.</Alert>
      ) : null}
    </SpaceBetween>
  );
}
