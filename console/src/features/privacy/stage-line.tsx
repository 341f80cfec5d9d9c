/** How far a request is: the states it goes through, those behind it, the one it is in, those to come. */
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { type ErasureState, endedBadly, stagesOf } from './stages.ts';

export interface StagesProps {
  readonly state: ErasureState;
  readonly waits: boolean;
  /** When nothing happens any more. */
  readonly ended: boolean;
}

export function Stages({ state, waits, ended }: StagesProps) {
  if (ended && endedBadly(state)) return null;
  return (
    <SpaceBetween direction="horizontal" size="l">
      {stagesOf(state, waits).map(({ label, when }) => (
        <StatusIndicator
          key={label}
          type={when === 'behind' ? 'success' : when === 'now' ? 'in-progress' : 'pending'}
          iconAriaLabel={when === 'behind' ? 'Done' : when === 'now' ? 'Now' : 'To come'}
        >
          {label}
        </StatusIndicator>
      ))}
    </SpaceBetween>
  );
}
