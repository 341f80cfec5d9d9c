/** The fields of a channel or a provider. Secrets are typed blind, and empty when they come back. */
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import type { SettingField, SettingTexts } from './settings-form.ts';

export interface SettingFieldsProps {
  readonly fields: readonly SettingField[];
  readonly texts: SettingTexts;
  readonly onChange: (texts: SettingTexts) => void;
}

export function SettingFields({ fields, texts, onChange }: SettingFieldsProps) {
  const rows = fields.map((field) => {
    const { name, label, hint, required, secret } = field;
    const constraint = [hint, secret ? 'Never shown again once it is saved.' : undefined].filter(Boolean).join(' ');
    return (
      <FormField
        key={name}
        label={
          required ? (
            label
          ) : (
            <>
              {label} <i>- optional</i>
            </>
          )
        }
        constraintText={constraint}
      >
        <Setting field={field} value={texts[name] ?? ''} onChange={(value) => onChange({ ...texts, [name]: value })} />
      </FormField>
    );
  });
  return <SpaceBetween size="m">{rows}</SpaceBetween>;
}

interface SettingProps {
  readonly field: SettingField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function Setting({ field: { label, choices, rows, secret, kind }, value, onChange }: SettingProps) {
  if (choices !== undefined) {
    const options = [{ value: '', label: 'Not set' }, ...choices.map((choice) => ({ value: choice, label: choice }))];
    return (
      <Select
        selectedOption={options.find((option) => option.value === value) ?? { value, label: value }}
        options={options}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
        ariaLabel={label}
      />
    );
  }
  if (rows !== undefined) {
    return (
      <Textarea
        value={value}
        rows={rows}
        onChange={({ detail }) => onChange(detail.value)}
        spellcheck={false}
        autoComplete={false}
      />
    );
  }
  return (
    <Input
      value={value}
      type={secret ? 'password' : 'text'}
      inputMode={kind === 'number' ? 'decimal' : 'text'}
      onChange={({ detail }) => onChange(detail.value)}
      autoComplete={secret ? 'new-password' : false}
      spellcheck={false}
    />
  );
}
