/** What a project keeps, how long, and who is told: rules about age, holds, what deletions do, webhooks. */
import Tabs from '@cloudscape-design/components/tabs';
import { ProjectFrame } from '../../app/project-place.tsx';
import { useTabInAddress } from '../../ui/tab-in-address.ts';
import { ErasureSettingsSection } from './erasure-settings.tsx';
import { Holds } from './holds.tsx';
import { RetentionRules } from './retention-rules.tsx';
import { ToldTargets } from './told-targets.tsx';

export function RulesPage() {
  const [tab, open] = useTabInAddress('retention');
  return (
    <ProjectFrame title="Rules and holds" description="How long what is kept, what has to be kept, and who is told.">
      <Tabs
        activeTabId={tab}
        onChange={({ detail }) => open(detail.activeTabId)}
        ariaLabel="Rules of the project"
        tabs={[
          { id: 'retention', label: 'Retention', content: <RetentionRules /> },
          { id: 'holds', label: 'Legal holds', content: <Holds /> },
          { id: 'settings', label: 'Erasure settings', content: <ErasureSettingsSection /> },
          { id: 'told', label: 'Who is told', content: <ToldTargets /> },
        ]}
      />
    </ProjectFrame>
  );
}
