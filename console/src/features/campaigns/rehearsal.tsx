/** What a campaign would do, without doing it: how many messages, who is left out and why, and some of them rendered. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMutation } from '@tanstack/react-query';
import type { CampaignRehearsal, CampaignRehearsalRequest } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { MessageFrame } from '../../ui/message-frame.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { Source } from '../../ui/source.tsx';
import { type CampaignForm, toRequest } from './campaign-form.ts';

export interface RehearsalProps {
  readonly form: CampaignForm;
  readonly fault: string | undefined;
}

export function Rehearsal({ form, fault }: RehearsalProps) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  const rehearse = useMutation({
    mutationFn: () => {
      const Campaign = toRequest(form) as NonNullable<CampaignRehearsalRequest['Campaign']>;
      return repoint.send('RehearseCampaign', {
        ApplicationId: projectId,
        CampaignRehearsalRequest: { Campaign, Samples: 3 },
      });
    },
    gcTime: 0,
  });
  if (form.channel === 'INAPP') {
    return (
      <Box color="text-body-secondary">
        Apps fetch in-app messages: nothing is sent, so there is nothing to rehearse.
      </Box>
    );
  }
  return (
    <SpaceBetween size="m">
      <Button
        disabled={fault !== undefined}
        disabledReason={fault}
        loading={rehearse.isPending}
        onClick={() => rehearse.mutate()}
      >
        Rehearse
      </Button>
      {rehearse.error ? <ErrorAlert error={rehearse.error} /> : null}
      {rehearse.data === undefined ? null : <Foreseen rehearsal={rehearse.data} />}
    </SpaceBetween>
  );
}

function Foreseen({ rehearsal }: { readonly rehearsal: CampaignRehearsal }) {
  const { Messages, Total, Skipped, Treatments, Warnings, Samples } = rehearsal;
  return (
    <SpaceBetween size="m">
      {Warnings.length === 0 ? null : <Alert type="warning">{Warnings.join(' ')}</Alert>}
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Messages', value: showNumber(Messages) },
          { label: 'Endpoints in the segment', value: showNumber(Total) },
          ...Treatments.map((each) => ({
            label: `Message ${each.TreatmentName ?? each.TreatmentId}`,
            value: showNumber(each.Messages),
          })),
          ...Object.entries(Skipped).map(([reason, count]) => ({
            label: `Left out: ${reason.toLowerCase().replaceAll('_', ' ')}`,
            value: showNumber(count),
          })),
        ]}
      />
      {Samples.map((sample) => (
        <ExpandableSection key={sample.EndpointId} headerText={`As ${sample.EndpointId} would get it`}>
          {sample.Fault === undefined ? null : <Alert type="error">{sample.Fault}</Alert>}
          <SpaceBetween size="s">
            {sample.Texts.map(({ Member, Text }) => (
              <div key={Member}>
                <Box variant="awsui-key-label">{Member}</Box>
                {Member === 'HtmlPart' || Member === 'HtmlBody' ? (
                  <MessageFrame html={Text} title={`HTML for ${sample.EndpointId}`} />
                ) : (
                  <Source text={Text} label={`${Member} for ${sample.EndpointId}`} />
                )}
              </div>
            ))}
          </SpaceBetween>
        </ExpandableSection>
      ))}
    </SpaceBetween>
  );
}
