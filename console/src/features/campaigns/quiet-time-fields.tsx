/** Hours in which a campaign sends nothing, instead of those of the project. */
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TimeInput from '@cloudscape-design/components/time-input';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useSettings } from '../projects/queries.ts';
import { quietFault } from './campaign-form.ts';
import type { SectionProps } from './new-campaign-page.tsx';

const ends = [
  { label: 'Quiet from', member: 'quietStart' },
  { label: 'Quiet until', member: 'quietEnd' },
] as const;

export function QuietTimeFields({ form, onChange }: SectionProps) {
  const { projectId } = useProjectPlace();
  const { Start, End } = useSettings(projectId).data?.QuietTime ?? {};
  const usual = Start && End ? `${Start} to ${End}` : 'none';
  return (
    <SpaceBetween size="s">
      <Box color="text-body-secondary">
        Nothing is sent in these hours of each recipient, whose time zone has to be known. Empty: as the project is set
        ({usual}).
      </Box>
      <FormField errorText={quietFault(form)}>
        <SpaceBetween direction="horizontal" size="s">
          {ends.map(({ label, member }) => (
            <FormField key={member} label={label}>
              <TimeInput
                value={form[member]}
                format="hh:mm"
                placeholder="hh:mm"
                onChange={({ detail }) => onChange({ ...form, [member]: detail.value })}
              />
            </FormField>
          ))}
        </SpaceBetween>
      </FormField>
    </SpaceBetween>
  );
}
