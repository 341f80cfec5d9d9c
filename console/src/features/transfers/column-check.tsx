/** The columns of a file as they will be imported; those with other names can be given one. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { attributeFor, type Column, isMember, memberChoices } from './columns.ts';
import type { FileHead } from './file-head.ts';

export interface ColumnCheckProps {
  readonly head: FileHead;
  readonly columns: readonly Column[];
  readonly channelType: string | undefined;
  readonly faults: readonly string[];
  readonly onChange: (columns: readonly Column[]) => void;
  readonly onChannel: (channelType: string | undefined) => void;
}

const channelTypes = ['EMAIL', 'SMS', 'VOICE', 'GCM', 'APNS', 'ADM', 'BAIDU', 'PUSH', 'CUSTOM'];

export function ColumnCheck(props: ColumnCheckProps) {
  const { head, columns, channelType, faults, onChannel } = props;
  const hasChannel = columns.some(({ member }) => member === 'ChannelType');
  return (
    <Container header={<Header variant="h2">2. Column check</Header>}>
      <SpaceBetween size="m">
        {faults.length === 0 ? (
          <StatusIndicator type="success">Every column has a place</StatusIndicator>
        ) : (
          <Alert type="error" header="The file cannot be imported like this">
            {faults.map((fault) => (
              <div key={fault}>{fault}</div>
            ))}
          </Alert>
        )}
        {head.format === 'CSV' ? (
          <Columns {...props} />
        ) : (
          <Box>Members of the first line: {head.members.join(', ')}</Box>
        )}
        {head.format === 'CSV' && !hasChannel ? (
          <FormField label="Channel of all rows" description="The file has no column for it.">
            <Select
              selectedOption={channelType === undefined ? null : { value: channelType, label: channelType }}
              options={channelTypes.map((value) => ({ value, label: value }))}
              onChange={({ detail }) => onChannel(detail.selectedOption.value)}
              placeholder="Choose a channel"
              ariaLabel="Channel of all rows"
            />
          </FormField>
        ) : null}
      </SpaceBetween>
    </Container>
  );
}

function Columns({ columns, onChange, onChannel }: ColumnCheckProps) {
  const rename = (index: number, member: string) => {
    if (member === 'ChannelType') onChannel(undefined);
    onChange(columns.map((column, at) => (at === index ? { ...column, member } : column)));
  };
  return (
    <Table
      variant="embedded"
      items={columns.map((column, index) => ({ ...column, index }))}
      trackBy="index"
      wrapLines
      ariaLabels={{ tableLabel: 'Columns of the file' }}
      columnDefinitions={[
        {
          id: 'header',
          header: 'In the file',
          minWidth: 140,
          isRowHeader: true,
          cell: ({ header }) => <bdi>{header}</bdi>,
        },
        { id: 'example', header: 'First row', minWidth: 160, cell: ({ example }) => <bdi>{example || '–'}</bdi> },
        {
          id: 'member',
          header: 'Imported as',
          minWidth: 240,
          cell: ({ header, member, index }) => (
            <Select
              selectedOption={{ value: member, label: member }}
              options={choicesFor(header, member)}
              onChange={({ detail }) => rename(index, detail.selectedOption.value ?? member)}
              filteringType="auto"
              ariaLabel={`What ${header} is imported as`}
              expandToViewport
              invalid={!isMember(member)}
            />
          ),
        },
      ]}
    />
  );
}

function choicesFor(header: string, member: string) {
  const attribute = attributeFor(header);
  const own = [
    attribute,
    attribute.replace('Attributes.', 'User.UserAttributes.'),
    attribute.replace('Attributes.', 'Metrics.'),
  ];
  return [...new Set([member, ...own, ...memberChoices])].map((value) => ({ value, label: value }));
}
