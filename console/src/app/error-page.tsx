/** What is shown when a page cannot be: an unknown address, a console that was renewed underneath, a fault. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { useRouteError } from 'react-router';
import { consoleHref, useFollow } from '../ui/links.ts';
import { usePlace } from '../ui/trail.tsx';

const noParents = [] as const;

export function ErrorPage() {
  const error = useRouteError();
  const message = error instanceof Error ? error.message : String(error);
  // The parts of an older build are gone once the server has a newer one.
  const renewed = /dynamically imported module|module script/i.test(message);
  const reload = <Button onClick={() => window.location.reload()}>Reload</Button>;
  return (
    <Box padding="l">
      <Alert
        type="error"
        header={renewed ? 'This part of the console could not be loaded' : 'The console failed'}
        action={reload}
      >
        {renewed ? 'The server may have been updated or be away. Reload the page.' : message}
      </Alert>
    </Box>
  );
}

export function NotFoundPage() {
  usePlace('Not found', noParents);
  const follow = useFollow();
  return (
    <Box padding="xxl" textAlign="center">
      <Box variant="h1">There is no such page</Box>
      <Box padding="m">The address may be mistyped, or from another version of the console.</Box>
      <Button href={consoleHref('/projects')} onFollow={follow}>
        All projects
      </Button>
    </Box>
  );
}
