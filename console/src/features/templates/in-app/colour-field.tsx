/** A colour: the browser's own picker, and its code beside it. */
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import './colour-field.css';

export interface ColourFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const code = /^#[0-9a-f]{6}$/i;

export function ColourField({ label, value, onChange }: ColourFieldProps) {
  return (
    <FormField label={label} constraintText="Such as #0B57D0.">
      <div className="colour-field">
        <input
          type="color"
          aria-label={`${label}: choose`}
          value={code.test(value) ? value : '#000000'}
          onChange={(event) => onChange(event.target.value.toUpperCase())}
        />
        <Input
          value={value}
          onChange={({ detail }) => onChange(detail.value)}
          spellcheck={false}
          ariaLabel={label}
          placeholder="Not set"
        />
      </div>
    </FormField>
  );
}
