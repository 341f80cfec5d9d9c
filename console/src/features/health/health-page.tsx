/** How the whole server is: what somebody should look at first, then its parts one by one. */
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useQuery } from '@tanstack/react-query';
import type { HealthResponse } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { CommandLine } from '../../ui/command-line.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { PlainList } from '../../ui/plain-list.tsx';
import { Time } from '../../ui/time.tsx';
import { DatabaseFacts, QueueFacts, ServerFacts } from './health-facts.tsx';
import { Processes, Schedules } from './health-tables.tsx';

const refreshMilliseconds = 5_000;

export function HealthPage() {
  const { repoint, scope } = useApi();
  const query = useQuery({
    queryKey: [...scope, 'health'],
    queryFn: () => repoint.send('GetHealth', {}),
    refetchInterval: refreshMilliseconds,
  });
  return (
    <Page title="Health" description="Of the whole server: every process of every node, and its database.">
      <Loaded query={query}>
        {(health) => (
          <SpaceBetween size="l">
            <Findings health={health} />
            <ServerFacts health={health} />
            <DatabaseFacts health={health} />
            <QueueFacts health={health} />
            <Processes health={health} />
            <Schedules health={health} />
          </SpaceBetween>
        )}
      </Loaded>
    </Page>
  );
}

const indicators = { OK: 'success', WARNING: 'warning', WRONG: 'error' } as const;
const summaries = { OK: 'All is well', WARNING: 'Something should be looked at', WRONG: 'Something is wrong' } as const;
const order = ['WRONG', 'WARNING', 'OK'];

function Findings({ health }: { readonly health: HealthResponse }) {
  const sorted = health.Findings.toSorted((one, other) => order.indexOf(one.State) - order.indexOf(other.State));
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={
            <>
              Seen at <Time value={health.Time} />, and every few seconds anew.
            </>
          }
        >
          {summaries[health.State]}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <PlainList
          items={sorted.map(({ Area, State, Says }) => [
            `${Area} ${Says}`,
            <StatusIndicator key={Says} type={indicators[State]} wrapText>
              {Says.charAt(0).toUpperCase() + Says.slice(1)}
            </StatusIndicator>,
          ])}
        />
        <CommandLine command="npm run repoint -- doctor" />
      </SpaceBetween>
    </Container>
  );
}
