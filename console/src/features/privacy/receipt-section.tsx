/** A signed receipt: what it says, whether it is good, the file, and the line that checks it without this server. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useApi } from '../../app/session.tsx';
import { CommandLine } from '../../ui/command-line.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { DownloadButton } from '../../ui/download-button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { Source } from '../../ui/source.tsx';
import { Time } from '../../ui/time.tsx';
import { receiptFileName, type ShownReceipt, useReceipt, useReceiptKeys } from './receipt-queries.ts';

export function ReceiptSection({ erasureId }: { readonly erasureId: string }) {
  const query = useReceipt(erasureId);
  return (
    <Loaded query={query}>
      {(shown) =>
        shown === null ? (
          <Alert type="info">There is no receipt of this erasure.</Alert>
        ) : (
          <SignedReceipt shown={shown} />
        )
      }
    </Loaded>
  );
}

function SignedReceipt({ shown }: { readonly shown: ShownReceipt }) {
  const { receipt, text } = shown;
  const name = receiptFileName(receipt);
  return (
    <Facts
      title="Receipt"
      description="Signed, chained to the one before, and naming nobody. It outlives what it is about."
      columns={3}
      actions={<Downloads shown={shown} />}
      facts={[
        { label: 'Number', value: showNumber(receipt.number) },
        { label: 'Signature', value: <Signature shown={shown} /> },
        { label: 'Issued', value: <Time value={receipt.issuedAt} /> },
        { label: 'Erased altogether', value: showNumber(receipt.erasure.erased) },
        { label: 'By', value: receipt.software },
        {
          label: 'SHA-256, which the next one holds',
          value: shown.sha256 === undefined ? undefined : <Copyable label="the SHA-256" text={shown.sha256} />,
        },
        { label: 'Key', value: <Box variant="code">{receipt.key}</Box> },
        {
          label: 'Bytes gone from the disk',
          value:
            receipt.physical.withinHours === null
              ? 'As the operator of the database keeps them'
              : `Within ${receipt.physical.withinHours} hours`,
        },
      ]}
    >
      <br />
      <SpaceBetween size="s">
        <ReceiptKept shown={shown} />
        <Box>Anybody can check it, without this server and without a connection:</Box>
        <CommandLine command={`npm run repoint -- erasure verify ${name} --public-key=${receipt.publicKey}`} />
        <ExpandableSection headerText="The receipt as it was signed">
          <Source text={JSON.stringify(JSON.parse(text), null, 2)} label="Receipt" />
        </ExpandableSection>
      </SpaceBetween>
    </Facts>
  );
}

function Signature({ shown: { good, fault, receipt } }: { readonly shown: ShownReceipt }) {
  const { data } = useReceiptKeys();
  if (good === undefined) {
    return <StatusIndicator type="info">This browser cannot check it here: use the command below</StatusIndicator>;
  }
  if (!good) return <StatusIndicator type="error">Not good. {fault}</StatusIndicator>;
  const former = data?.Item.find(({ KeyId }) => KeyId === receipt.key)?.Current === false;
  return <StatusIndicator type="success">Good, by {former ? 'a former' : 'the'} key of this server</StatusIndicator>;
}

function Downloads({ shown: { receipt, text } }: { readonly shown: ShownReceipt }) {
  const { repoint } = useApi();
  const name = receiptFileName(receipt);
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <DownloadButton
        text="For people (HTML)"
        fileName={name.replace(/json$/, 'html')}
        href={() => repoint.link('GetErasureReceipt', { ErasureId: receipt.erasure.id, Format: 'html' })}
      />
      <DownloadButton
        text="Download"
        label="Download the receipt"
        fileName={name}
        // Byte for byte: any other spelling is another document.
        content={() => new Blob([text], { type: 'application/json' })}
      />
    </SpaceBetween>
  );
}

function ReceiptKept({ shown: { receipt } }: { readonly shown: ShownReceipt }) {
  const { kept } = receipt.erasure;
  if (kept.length === 0) return null;
  return (
    <Alert type="info" header="Kept, and why">
      {kept.map(({ place, count, reason, until }) => (
        <div key={`${place} ${reason}`}>
          {place}: {showNumber(count)}. {reason}
          {until === null ? '' : `, until ${until.slice(0, 10)}`}
        </div>
      ))}
    </Alert>
  );
}
