/** Whether an endpoint can be written to, and why not. */
import StatusIndicator from '@cloudscape-design/components/status-indicator';

export interface EndpointStateProps {
  readonly status: string | undefined;
  readonly optOut: string | undefined;
}

export function EndpointState({ status, optOut }: EndpointStateProps) {
  if (status === 'INACTIVE') return <StatusIndicator type="stopped">Inactive</StatusIndicator>;
  if (optOut === 'ALL') return <StatusIndicator type="stopped">Opted out</StatusIndicator>;
  return <StatusIndicator type="success">Active</StatusIndicator>;
}
