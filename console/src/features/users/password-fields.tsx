/** A new password, twice: nobody sees what they type. */
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';

const shortestPassword = 12;

export interface NewPassword {
  readonly password: string;
  readonly repeated: string;
}

export const noPassword: NewPassword = { password: '', repeated: '' };

export function isGood({ password, repeated }: NewPassword): boolean {
  return password.length >= shortestPassword && password === repeated;
}

interface PasswordFieldsProps {
  readonly value: NewPassword;
  readonly onChange: (value: NewPassword) => void;
  /** Whether the new one is what is asked first. */
  readonly autoFocus: boolean;
}

export function PasswordFields({ value, onChange, autoFocus }: PasswordFieldsProps) {
  const { password, repeated } = value;
  // Said once the second has become as long as the first: while somebody types, they are never the same.
  const different = repeated.length >= password.length && repeated !== password;
  return (
    <SpaceBetween size="l">
      <FormField label="New password" constraintText={`At least ${shortestPassword} characters.`}>
        <Input
          value={password}
          onChange={({ detail }) => onChange({ ...value, password: detail.value })}
          type="password"
          autoComplete="new-password"
          autoFocus={autoFocus}
        />
      </FormField>
      <FormField label="The same again" errorText={different ? 'The two are not the same.' : undefined}>
        <Input
          value={repeated}
          onChange={({ detail }) => onChange({ ...value, repeated: detail.value })}
          type="password"
          autoComplete="new-password"
        />
      </FormField>
    </SpaceBetween>
  );
}
