/** One receipt, also of what is not there any more: a project, an account. */
import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useParams } from 'react-router';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { JobStatus } from '../../ui/long-job.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { Page } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { inWords } from '../../ui/words.ts';
import { NotErased, Places } from './places.tsx';
import type { Receipt } from './receipt-check.ts';
import { useReceipt } from './receipt-queries.ts';
import { ReceiptSection } from './receipt-section.tsx';

const parents = [{ text: 'Erasure receipts', path: '/erasure-receipts' }];

export function ReceiptPage() {
  const { erasureId = '' } = useParams();
  const query = useReceipt(erasureId);
  return (
    <Page title="Erasure receipt" parents={parents}>
      <Loaded query={query}>
        {(shown) =>
          shown === null ? (
            <Alert type="info">There is no receipt of this erasure: it is under way, or nothing was done by it.</Alert>
          ) : (
            <SpaceBetween size="l">
              <About receipt={shown.receipt} />
              <ReceiptSection erasureId={erasureId} />
              <Places places={placesOf(shown.receipt)} />
              <NotErased items={shown.receipt.erasure.skipped} />
            </SpaceBetween>
          )
        }
      </Loaded>
    </Page>
  );
}

function About({ receipt: { erasure, account } }: { readonly receipt: Receipt }) {
  return (
    <Facts
      title="The erasure"
      facts={[
        { label: 'Of', value: erasure.kind === 'PERSON' ? 'People' : inWords(erasure.kind) },
        { label: 'State', value: <JobStatus status={erasure.state} /> },
        { label: 'How', value: inWords(erasure.mode) },
        { label: 'Came from', value: inWords(erasure.origin) },
        { label: 'Completed', value: <Time value={erasure.completedAt} /> },
        { label: 'Account', value: account },
        { label: 'Project', value: erasure.project?.id },
        { label: 'Endpoints', value: showNumber(erasure.subject?.endpoints) },
        { label: 'Messages a provider had already', value: showNumber(erasure.messagesUnderWay) },
      ]}
    />
  );
}

function placesOf({ erasure: { places } }: Receipt) {
  return places.map(({ name, found, erased, retained, left }) => ({
    ...{ Name: name, Found: found, Erased: erased, Retained: retained, LeftOver: left },
  }));
}
