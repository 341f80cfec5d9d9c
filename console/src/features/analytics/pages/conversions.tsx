/** After how many of a campaign's messages an event came from the same endpoint: a purchase, or a session within a day. */
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQuery } from '@tanstack/react-query';
import type { CampaignWinner, TreatmentResult } from '../../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../../app/project-place.tsx';
import { useApi } from '../../../app/session.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { useParameterInAddress } from '../../../ui/parameter-in-address.ts';
import { asCount, asRate } from '../figures/figure.ts';
import { ReportTable } from '../figures/report-table.tsx';
import { EventTypeInput } from '../filters/event-type-input.tsx';

const windows = [
  { value: '24', label: 'Within a day of the message' },
  { value: '168', label: 'Within a week of the message' },
  { value: '720', label: 'Within thirty days of the message' },
];

export function Conversions({ campaignId }: { readonly campaignId: string }) {
  const [eventType, setEventType] = useParameterInAddress('conversion');
  const [within, setWithin] = useParameterInAddress('within');
  const hours = windows.find(({ value }) => value === within) ?? windows[0];
  return (
    <Container
      header={
        <Header variant="h2" description="Messages of the whole campaign after which the same endpoint sent an event">
          Conversions
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField
          label="Event"
          description="_session.start counts who opened the app, _monetization.purchase who bought"
        >
          <EventTypeInput value={eventType} onChange={setEventType} />
        </FormField>
        <FormField label="How long after">
          <Select
            selectedOption={hours ?? null}
            options={windows}
            onChange={({ detail }) => setWithin(detail.selectedOption.value ?? '')}
          />
        </FormField>
        {eventType === '' ? null : (
          <Converted campaignId={campaignId} eventType={eventType} hours={hours?.value ?? '24'} />
        )}
      </SpaceBetween>
    </Container>
  );
}

interface ConvertedProps {
  readonly campaignId: string;
  readonly eventType: string;
  readonly hours: string;
}

function Converted({ campaignId, eventType, hours }: ConvertedProps) {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const query = useQuery({
    queryKey: [...scope, 'analytics', projectId, 'conversions', campaignId, eventType, hours],
    queryFn: (): Promise<CampaignWinner> =>
      repoint.send('GetCampaignWinner', {
        ...{ ApplicationId: projectId, CampaignId: campaignId, EventType: eventType, WindowHours: hours },
      }),
  });
  const nameOf = ({ TreatmentId, TreatmentName }: TreatmentResult) => TreatmentName ?? TreatmentId;
  return (
    <Loaded query={query}>
      {({ Treatments }) => (
        <ReportTable
          title="Converted"
          rows={Treatments}
          columns={[
            { id: 'Treatment', header: 'Treatment', value: nameOf, cell: (each) => <bdi>{nameOf(each)}</bdi> },
            { id: 'Sent', header: 'Messages sent', value: ({ Sent }) => Sent, cell: ({ Sent }) => asCount(Sent) },
            { id: 'Converted', header: 'Converted', value: ({ Converted: of }) => of },
            {
              ...{ id: 'Rate', header: 'Rate', value: ({ Rate }: TreatmentResult) => Rate },
              cell: ({ Rate }) => (Rate === undefined ? '–' : asRate(Rate)),
            },
          ]}
          idOf={({ TreatmentId }) => TreatmentId}
          fileName={`campaign_${campaignId}_conversions`}
          empty="No message was sent"
          embedded
        />
      )}
    </Loaded>
  );
}
