/** The keywords of a number: what a message that begins with one does, and how it is answered. */
import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import Textarea from '@cloudscape-design/components/textarea';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SmsKeyword } from '../../../../server/src/contract/repoint-types.ts';
import { useApi } from '../../app/session.tsx';
import { DeleteDialog } from '../../ui/delete-dialog.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useNotices } from '../../ui/notices.tsx';

const actions = [
  { value: 'AUTOMATIC_RESPONSE', label: 'Answer' },
  { value: 'OPT_OUT', label: 'Opt the sender out' },
  { value: 'OPT_IN', label: 'Opt the sender in' },
] as const;

const emptyKeyword: SmsKeyword = { Keyword: '', Action: 'AUTOMATIC_RESPONSE' };

export function SmsKeywords({ number }: { readonly number: string }) {
  const { repoint, scope } = useApi();
  const [selected, select] = useState<SmsKeyword>();
  const [editing, setEditing] = useState<SmsKeyword>();
  const [deleting, setDeleting] = useState<SmsKeyword>();
  const query = useQuery({
    queryKey: [...scope, 'sms-numbers', 'keywords', number],
    queryFn: () => repoint.send('GetSmsKeywords', { Number: number }),
  });
  const buttons = (
    <SpaceBetween direction="horizontal" size="xs">
      <Button disabled={selected === undefined} onClick={() => setDeleting(selected)}>
        Delete
      </Button>
      <Button disabled={selected === undefined} onClick={() => setEditing(selected)}>
        Edit
      </Button>
      <Button variant="primary" onClick={() => setEditing(emptyKeyword)}>
        Add keyword
      </Button>
    </SpaceBetween>
  );
  return (
    <Loaded query={query}>
      {({ Item }) => (
        <>
          <Table
            header={
              <Header variant="h2" actions={buttons}>
                Keywords
              </Header>
            }
            items={[...Item]}
            trackBy="Keyword"
            wrapLines
            selectionType="single"
            selectedItems={selected === undefined ? [] : [selected]}
            onSelectionChange={({ detail }) => select(detail.selectedItems[0])}
            ariaLabels={{
              tableLabel: 'Keywords',
              selectionGroupLabel: 'Select a keyword',
              itemSelectionLabel: (_data, { Keyword }) => `Select ${Keyword}`,
            }}
            columnDefinitions={[
              { id: 'keyword', header: 'Keyword', minWidth: 120, isRowHeader: true, cell: ({ Keyword }) => Keyword },
              {
                id: 'action',
                header: 'Does',
                minWidth: 140,
                cell: ({ Action }) => <Badge>{actions.find(({ value }) => value === Action)?.label}</Badge>,
              },
              { id: 'answer', header: 'Answer', minWidth: 240, cell: ({ Response }) => <bdi>{Response ?? '–'}</bdi> },
            ]}
          />
          {editing ? <KeywordDialog number={number} stored={editing} onClose={() => setEditing(undefined)} /> : null}
          {deleting ? (
            <DeleteKeyword number={number} keyword={deleting.Keyword} onClose={() => setDeleting(undefined)} />
          ) : null}
        </>
      )}
    </Loaded>
  );
}

interface KeywordDialogProps {
  readonly number: string;
  readonly stored: SmsKeyword;
  readonly onClose: () => void;
}

function KeywordDialog({ number, stored, onClose }: KeywordDialogProps) {
  const { repoint, scope } = useApi();
  const cache = useQueryClient();
  const notices = useNotices();
  const [keyword, setKeyword] = useState(stored);
  const isNew = stored.Keyword === '';
  const save = useMutation({
    mutationFn: () => {
      const { Keyword, ...WriteSmsKeywordRequest } = keyword;
      return repoint.send('UpdateSmsKeyword', { Number: number, Keyword: Keyword.trim(), WriteSmsKeywordRequest });
    },
    onSuccess: () => {
      notices.done(`Keyword ${keyword.Keyword} saved`);
      onClose();
      return cache.invalidateQueries({ queryKey: [...scope, 'sms-numbers'] });
    },
  });
  return (
    <FormDialog
      title={isNew ? 'Add keyword' : `Keyword ${stored.Keyword}`}
      submitText="Save"
      submitDisabled={keyword.Keyword.trim() === ''}
      pending={save.isPending}
      error={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {isNew ? (
        <FormField label="Keyword">
          <Input value={keyword.Keyword} onChange={({ detail }) => setKeyword({ ...keyword, Keyword: detail.value })} />
        </FormField>
      ) : null}
      <FormField label="What it does">
        <Select
          selectedOption={actions.find(({ value }) => value === keyword.Action) ?? actions[0]}
          options={[...actions]}
          onChange={({ detail }) =>
            setKeyword({ ...keyword, Action: detail.selectedOption.value as SmsKeyword['Action'] })
          }
          ariaLabel="What it does"
        />
      </FormField>
      <FormField label="Answer">
        <Textarea
          rows={3}
          value={keyword.Response ?? ''}
          onChange={({ detail }) => setKeyword({ ...keyword, Response: detail.value })}
        />
      </FormField>
    </FormDialog>
  );
}

interface DeleteKeywordProps {
  readonly number: string;
  readonly keyword: string;
  readonly onClose: () => void;
}

function DeleteKeyword({ number, keyword, onClose }: DeleteKeywordProps) {
  const { repoint, scope } = useApi();
  const cache = useQueryClient();
  const notices = useNotices();
  const remove = useMutation({
    mutationFn: () => repoint.send('DeleteSmsKeyword', { Number: number, Keyword: keyword }),
    onSuccess: () => {
      notices.done(`Keyword ${keyword} deleted`);
      onClose();
      return cache.invalidateQueries({ queryKey: [...scope, 'sms-numbers'] });
    },
  });
  return (
    <DeleteDialog
      kind="keyword"
      name={keyword}
      pending={remove.isPending}
      error={remove.error}
      onDelete={() => remove.mutate()}
      onClose={onClose}
    >
      Messages that begin with it are answered like any other. HELP, STOP, START and UNSTOP get their usual answers
      back.
    </DeleteDialog>
  );
}
