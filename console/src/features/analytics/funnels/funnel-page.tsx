/** One funnel: computed for the days in the address. */
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useParams } from 'react-router';
import type { Funnel } from '../../../../../server/src/contract/repoint-types.ts';
import { useNavigateFromHere } from '../../../app/navigate-from-here.ts';
import { useProjectPlace } from '../../../app/project-place.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { PageButton } from '../../../ui/page-button.tsx';
import { AnalyticsFrame } from '../analytics-frame.tsx';
import { showDuration } from '../figures/duration.ts';
import { useRange } from '../period/use-range.ts';
import { useReport } from '../queries.ts';
import { DeleteFunnelDialog } from './delete-funnel-dialog.tsx';
import { FunnelResult } from './funnel-result.tsx';
import { useFunnel } from './queries.ts';

const above = [['Funnels', 'analytics/funnels']] as const;

export function FunnelPage() {
  const { funnelId = '' } = useParams();
  const days = useRange();
  const { path } = useProjectPlace();
  const navigate = useNavigateFromHere();
  const [deleting, setDeleting] = useState(false);
  const funnel = useFunnel(funnelId);
  const report = useReport('GetFunnelReport', { asked: days.asked, further: { FunnelId: funnelId } });
  const { data } = funnel;
  return (
    <AnalyticsFrame
      title={data?.Name ?? 'Funnel'}
      days={days}
      above={above}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button disabled={data === undefined} onClick={() => setDeleting(true)}>
            Delete
          </Button>
          <PageButton to={path(`analytics/funnels/${encodeURIComponent(funnelId)}/edit${days.suffix}`)}>
            Edit
          </PageButton>
        </SpaceBetween>
      }
    >
      <Loaded query={report}>
        {(computed) => (
          <FunnelResult report={computed} countBy={data?.CountBy ?? 'ENDPOINT'} fileName={fileNameOf(data?.Name)} />
        )}
      </Loaded>
      <Loaded query={funnel}>{(found) => <Definition funnel={found} />}</Loaded>
      {deleting && data ? (
        <DeleteFunnelDialog
          funnel={data}
          onClose={() => setDeleting(false)}
          onDeleted={() => navigate(path('analytics/funnels'), { replace: true })}
        />
      ) : null}
    </AnalyticsFrame>
  );
}

function fileNameOf(name = 'funnel'): string {
  const words = name.replaceAll(/[^\p{L}\p{N}]+/gu, '_').replaceAll(/^_|_$/g, '');
  return words === '' ? 'funnel' : words;
}

function Definition({ funnel }: { readonly funnel: Funnel }) {
  const { WindowSeconds, CountBy, BreakdownBy } = funnel;
  return (
    <Facts
      title="Definition"
      facts={[
        { label: 'Counted', value: CountBy === 'USER' ? 'Users, and endpoints without one' : 'Endpoints' },
        {
          label: 'Time to get through',
          value: WindowSeconds === undefined ? 'As long as the report' : showDuration(WindowSeconds),
        },
        { label: 'Broken down by', value: BreakdownBy },
      ]}
    />
  );
}
