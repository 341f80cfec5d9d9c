/** How a call ended, in a word and the code of the answer. */
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { AuditLogEntry } from '../../../../server/src/contract/repoint-types.ts';

export function Outcome({ entry: { Status, ErrorCode } }: { readonly entry: AuditLogEntry }) {
  if (Status < 400) return <StatusIndicator type="success">Succeeded</StatusIndicator>;
  const why = ErrorCode === undefined ? '' : `: ${ErrorCode}`;
  return Status < 500 ? (
    <StatusIndicator type="warning">{`Refused${why}`}</StatusIndicator>
  ) : (
    <StatusIndicator type="error">{`Failed${why}`}</StatusIndicator>
  );
}
