/** What pages of analytics ask the server: a report about the days in the address. */
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { OperationInputs, OperationOutputs } from '../../../../server/src/contract/operations.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import type { AskedDays } from './period/date-range.ts';

type ReportName =
  | 'GetOverviewReport'
  | 'GetUsageReport'
  | 'GetSessionHours'
  | 'GetRetentionReport'
  | 'GetRevenueReport'
  | 'GetDemographicsReport'
  | 'GetTransactionalEmailReport'
  | 'GetTransactionalSmsReport'
  | 'GetCampaignsReport'
  | 'GetCampaignReport'
  | 'GetCampaignSessions'
  | 'GetTargetableEndpoints'
  | 'GetEventTypes'
  | 'GetEventNames'
  | 'ExploreEvents'
  | 'GetFunnelReport';

type Further<Name extends ReportName> = Omit<OperationInputs[Name], 'ApplicationId' | keyof AskedDays>;

export interface ReportQuestion<Name extends ReportName> {
  readonly asked?: AskedDays;
  readonly further: Further<Name>;
  /** Asked only once it is needed. */
  readonly enabled?: boolean;
}

export function useReport<Name extends ReportName>(
  name: Name,
  { asked, further, enabled = true }: ReportQuestion<Name>,
): UseQueryResult<OperationOutputs[Name]> {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  return useQuery({
    queryKey: [...scope, 'analytics', projectId, name, asked, further],
    queryFn: () =>
      repoint.send(name, { ApplicationId: projectId, ...asked, ...further } as unknown as OperationInputs[Name]),
    enabled,
  });
}
