/** Rules about age: what is older goes every night, as if the people had asked. A rule is tried out before it is made. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RetentionPreviewRequest, RetentionRule } from '../../../../server/src/contract/repoint-types.ts';
import { useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { Time } from '../../ui/time.tsx';
import { EndDialog } from './end-dialog.tsx';
import { useProjectChange } from './project-change.ts';

type DataClass = RetentionPreviewRequest['DataClass'];

interface ClassWords {
  readonly value: DataClass;
  readonly label: string;
  readonly says: string;
}

const classes: readonly ClassWords[] = [
  {
    value: 'INACTIVE_ENDPOINTS',
    label: 'People who are not active',
    says: 'Erased whole, once nothing was heard of them for so long.',
  },
  { value: 'EVENTS', label: 'Events', says: 'Of apps and of messages. Counters stay.' },
  { value: 'SENDS', label: 'Log of sending', says: 'Who was sent what, and what became of it.' },
  { value: 'OUTBOX_MESSAGES', label: 'Outbox', says: 'Messages as they were rendered.' },
  { value: 'INBOUND_MESSAGES', label: 'Inbound messages', says: 'What people wrote to numbers of the account.' },
];

export function RetentionRules() {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const [editing, setEditing] = useState<ClassWords>();
  const [ending, setEnding] = useState<ClassWords>();
  const query = useQuery({
    queryKey: [...scope, 'retention-rules', projectId],
    queryFn: () => repoint.send('GetRetentionRules', { ApplicationId: projectId }),
  });
  return (
    <Loaded query={query}>
      {({ Item }) => {
        const ruleOf = (value: DataClass) => Item.find(({ DataClass: name }) => name === value);
        return (
          <>
            <Table
              header={
                <Header variant="h2" description="Every night, what is older is erased. Without a rule it is kept.">
                  Retention rules
                </Header>
              }
              items={[...classes]}
              trackBy="value"
              wrapLines
              ariaLabels={{ tableLabel: 'Retention rules' }}
              columnDefinitions={[
                {
                  id: 'what',
                  header: 'What',
                  minWidth: 220,
                  isRowHeader: true,
                  cell: ({ label, says }) => (
                    <>
                      {label}
                      <Box variant="small" display="block">
                        {says}
                      </Box>
                    </>
                  ),
                },
                { id: 'days', header: 'Kept', minWidth: 110, cell: ({ value }) => showDays(ruleOf(value)) },
                {
                  id: 'changed',
                  header: 'Changed',
                  minWidth: 150,
                  cell: ({ value }) => <Time value={ruleOf(value)?.LastModifiedDate} />,
                },
                {
                  id: 'actions',
                  header: 'Actions',
                  minWidth: 200,
                  cell: (words) => (
                    <SpaceBetween direction="horizontal" size="xs">
                      <Button
                        wrapText={false}
                        ariaLabel={`${ruleOf(words.value) === undefined ? 'Set a rule' : 'Change the rule'} for ${words.label}`}
                        onClick={() => setEditing(words)}
                      >
                        {ruleOf(words.value) === undefined ? 'Set a rule' : 'Change'}
                      </Button>
                      {ruleOf(words.value) === undefined ? null : (
                        <Button ariaLabel={`End the rule for ${words.label}`} onClick={() => setEnding(words)}>
                          End
                        </Button>
                      )}
                    </SpaceBetween>
                  ),
                },
              ]}
            />
            {editing ? (
              <RuleDialog words={editing} rule={ruleOf(editing.value)} onClose={() => setEditing(undefined)} />
            ) : null}
            {ending ? <EndRule words={ending} onClose={() => setEnding(undefined)} /> : null}
          </>
        );
      }}
    </Loaded>
  );
}

function showDays(rule: RetentionRule | undefined): string {
  if (rule === undefined) return 'For ever';
  return rule.Days === 1 ? '1 day' : `${showNumber(rule.Days)} days`;
}

interface RuleDialogProps {
  readonly words: ClassWords;
  readonly rule: RetentionRule | undefined;
  readonly onClose: () => void;
}

function RuleDialog({ words, rule, onClose }: RuleDialogProps) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  const [days, setDays] = useState(String(rule?.Days ?? ''));
  const Days = Number(days);
  const valid = /^\d+$/.test(days) && Days >= 1 && Days <= 36_500;
  const preview = useMutation({
    mutationFn: (asked: number) =>
      repoint.send('PreviewRetention', {
        ApplicationId: projectId,
        RetentionPreviewRequest: { DataClass: words.value, Days: asked },
      }),
    gcTime: 0,
  });
  const seen = preview.variables === Days && preview.data !== undefined;
  const save = useProjectChange({
    send: () =>
      repoint.send('UpdateRetentionRule', {
        ...{ ApplicationId: projectId, DataClass: words.value },
        WriteRetentionRuleRequest: { Days },
      }),
    ...{ said: `Rule for ${words.label.toLowerCase()} saved`, list: 'retention-rules', onClose },
  });
  return (
    <FormDialog
      title={`How long: ${words.label.toLowerCase()}`}
      submitText="Save the rule"
      size="large"
      submitDisabled={!seen}
      pending={save.isPending}
      error={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <FormField
        label="Days"
        description={words.says}
        constraintText="1 to 36,500. See what it would erase before you save it."
        secondaryControl={
          <Button disabled={!valid} loading={preview.isPending} onClick={() => preview.mutate(Days)}>
            Show what goes
          </Button>
        }
      >
        <Input
          value={days}
          onChange={({ detail }) => setDays(detail.value.trim())}
          inputMode="numeric"
          ariaLabel="Days"
          autoFocus
        />
      </FormField>
      {preview.error ? <ErrorAlert error={preview.error} /> : null}
      {seen ? (
        <>
          <Alert type="warning">
            If the rule ran now, everything from before <Time value={preview.data.Before} /> would go. It cannot be
            undone.
          </Alert>
          <KeyValuePairs
            columns={3}
            items={preview.data.Locations.map(({ Name, Found }) => ({ label: Name, value: showNumber(Found) }))}
          />
        </>
      ) : null}
    </FormDialog>
  );
}

function EndRule({ words, onClose }: { readonly words: ClassWords; readonly onClose: () => void }) {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  return (
    <EndDialog
      kind="rule"
      name={words.value}
      send={() => repoint.send('DeleteRetentionRule', { ApplicationId: projectId, DataClass: words.value })}
      said={`Rule for ${words.label.toLowerCase()} ended`}
      list="retention-rules"
      onClose={onClose}
    >
      {words.label} are kept for ever from now on. What the rule has erased does not come back.
    </EndDialog>
  );
}
