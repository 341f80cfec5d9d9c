/** The name of what is to be destroyed, typed: nobody does that by mistake. */
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';

export interface TypedNameProps {
  readonly name: string;
  /** For those who do not see where it stands: `Name of the project`. */
  readonly label: string;
  /** Behind the name: what it is the name of, where that is not plain. */
  readonly explanation?: string;
  readonly typed: string;
  readonly onChange: (typed: string) => void;
  readonly autoFocus?: boolean;
}

export function TypedName({ name, label, explanation = '', typed, onChange, autoFocus = false }: TypedNameProps) {
  const request = (
    <>
      To confirm, type <Box variant="code">{name}</Box>
      {explanation}
    </>
  );
  return (
    <FormField label={request}>
      <Input
        value={typed}
        onChange={({ detail }) => onChange(detail.value)}
        placeholder={name}
        autoComplete={false}
        spellcheck={false}
        ariaLabel={label}
        autoFocus={autoFocus}
      />
    </FormField>
  );
}
