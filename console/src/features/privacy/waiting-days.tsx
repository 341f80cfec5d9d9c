/** How many days a request of this project waits, in which it can be taken back. */
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useQuery } from '@tanstack/react-query';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';

interface WaitingDaysProps {
  /** As it is typed. Empty: as the project is set. */
  readonly days: string;
  readonly onChange: (days: string) => void;
}

export function WaitingDays({ days, onChange }: WaitingDaysProps) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const settings = useQuery({
    queryKey: [...scope, 'erasure-settings', projectId],
    queryFn: () => repoint.send('GetErasureSettings', { ApplicationId: projectId }),
  });
  const usual = settings.data?.WaitingDays;
  return (
    <FormField
      label="Days to wait"
      description="While a request waits, it can be taken back. Afterwards nothing can."
      constraintText={
        usual === undefined ? '0 to 7.' : `0 to 7; ${usual} when it is left empty, as the project is set.`
      }
      errorText={areWaitingDays(days) ? undefined : 'A number from 0 to 7.'}
    >
      <Input
        value={days}
        onChange={({ detail }) => onChange(detail.value.trim())}
        inputMode="numeric"
        placeholder={usual === undefined ? undefined : String(usual)}
        ariaLabel="Days to wait"
      />
    </FormField>
  );
}

export function areWaitingDays(days: string): boolean {
  return /^[0-7]?$/.test(days);
}

/** For a request: nothing when nothing was typed. */
export function toWaitingDays(days: string): { readonly WaitingDays?: number } {
  return days === '' ? {} : { WaitingDays: Number(days) };
}
