/** An error of a call, said in the place where it matters. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { describeError } from '../api/errors.ts';

export interface ErrorAlertProps {
  readonly error: unknown;
  /** Where the code alone would say the wrong thing, such as a 403 of sign-in. */
  readonly title?: string;
  readonly onRetry?: () => void;
}

export function ErrorAlert({ error, title, onRetry }: ErrorAlertProps) {
  const { title: usualTitle, detail, requestId } = describeError(error);
  return (
    <Alert
      type="error"
      header={title ?? usualTitle}
      action={onRetry === undefined ? undefined : <Button onClick={onRetry}>Try again</Button>}
    >
      {detail}
      {requestId === undefined ? null : (
        <Box variant="small" display="block">
          Request ID: {requestId}
        </Box>
      )}
    </Alert>
  );
}
