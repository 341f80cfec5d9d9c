/** The frame of a page of analytics: its place, the days it is about, and asking anew. */
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { RangePicker } from './period/range-picker.tsx';
import type { RangeInAddress } from './period/use-range.ts';

export interface AnalyticsFrameProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** Left out where a page is about everything there is now. */
  readonly days?: RangeInAddress;
  readonly above?: readonly (readonly [text: string, below: string])[];
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function AnalyticsFrame({ title, description, days, above = [], actions, children }: AnalyticsFrameProps) {
  const { scope } = useApi();
  const { projectId } = useProjectPlace();
  const cache = useQueryClient();
  const refresh = () => cache.invalidateQueries({ queryKey: [...scope, 'analytics', projectId] });
  return (
    <ProjectFrame
      title={title}
      description={description}
      above={title === 'Analytics' ? [] : [['Analytics', 'analytics'], ...above]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          {actions}
          {days === undefined ? null : <RangePicker days={days} />}
          <Button iconName="refresh" ariaLabel="Refresh" onClick={() => void refresh()} />
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">{children}</SpaceBetween>
    </ProjectFrame>
  );
}
