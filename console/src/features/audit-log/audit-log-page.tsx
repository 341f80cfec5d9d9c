/** Who changed what, and what was refused; and how often the data plane was called. */
import Tabs from '@cloudscape-design/components/tabs';
import { Page } from '../../ui/page.tsx';
import { useTabInAddress } from '../../ui/tab-in-address.ts';
import { CallCounts } from './call-counts.tsx';
import { Changes } from './changes.tsx';

export function AuditLogPage() {
  const [tab, open] = useTabInAddress('changes');
  return (
    <Page
      title="Audit log"
      description="Every change of configuration through console, command line and API, and what was refused. It holds no personal data."
    >
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => open(detail.activeTabId)}
        tabs={[
          { id: 'changes', label: 'Changes', content: <Changes /> },
          { id: 'calls', label: 'Calls of the data plane', content: <CallCounts /> },
        ]}
      />
    </Page>
  );
}
