/** Erasure requests of a project: all of them, those in one state, or those that named somebody. */
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { ErasureRequestResponse } from '../../../../server/src/contract/repoint-types.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { JobStatus } from '../../ui/long-job.tsx';
import { showNumber } from '../../ui/numbers.ts';
import { PageButton } from '../../ui/page-button.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';
import { inWords } from '../../ui/words.ts';
import { faultOf, typeLabel } from './identities.ts';
import { IdentityKindFields, toIdentity, useIdentityKind } from './identity-fields.tsx';
import { modeLabel, origins } from './modes.ts';
import { erasureStates } from './stages.ts';

const every = { value: '', label: 'In every state' };
const states = [every, ...erasureStates.map((value) => ({ value, label: inWords(value) }))];

export function ErasuresPage() {
  const { path } = useProjectPlace();
  return (
    <ProjectFrame
      title="Erasure requests"
      description="Everything that is held on a person goes, in every table and file, is searched for again, and has a receipt."
      actions={
        <PageButton to={path('erasures/new')} variant="primary">
          Erase people
        </PageButton>
      }
    >
      <SpaceBetween size="l">
        <Requests />
        <FindRequests />
      </SpaceBetween>
    </ProjectFrame>
  );
}

function Requests() {
  const { repoint, scope } = useApi();
  const { projectId } = useProjectPlace();
  const [search, setSearch] = useSearchParams();
  const chosen = states.find(({ value }) => value === search.get('state')) ?? every;
  return (
    <PagedTable<ErasureRequestResponse>
      title="Requests"
      queryKey={[...scope, 'erasures', projectId, chosen.value]}
      load={(page) =>
        repoint.send('GetErasureRequests', {
          ...{ ApplicationId: projectId, ...page },
          ...(chosen.value !== '' && { State: chosen.value }),
        })
      }
      columns={useColumns()}
      idOf={({ Id }) => Id}
      nameOf={({ RequestId }) => RequestId}
      selectable={false}
      isChanging={({ CompletedDate }) => CompletedDate === undefined}
      filter={
        <Select
          selectedOption={chosen}
          options={states}
          onChange={({ detail }) => {
            const { value = '' } = detail.selectedOption;
            setSearch(value === '' ? {} : { state: value }, { replace: true });
          }}
          ariaLabel="State"
        />
      }
      empty={
        <Empty
          title={chosen.value === '' ? 'Nobody was erased yet' : 'No request is in this state'}
          command={`npm run repoint -- erase --project ${projectId} --email ana@example.com`}
        >
          Erase somebody with the button above, on their page, or on the machine of the server. DeleteEndpoint and
          DeleteUserEndpoints make a request too:
        </Empty>
      }
    />
  );
}

function useColumns(): TableProps.ColumnDefinition<ErasureRequestResponse>[] {
  const { path } = useProjectPlace();
  return [
    {
      id: 'received',
      header: 'Received',
      minWidth: 160,
      isRowHeader: true,
      cell: ({ Id, CreationDate }) => (
        <PageLink to={path(`erasures/${encodeURIComponent(Id)}`)}>
          <Time value={CreationDate} />
        </PageLink>
      ),
    },
    { id: 'state', header: 'State', minWidth: 145, cell: ({ State }) => <JobStatus status={State} /> },
    { id: 'mode', header: 'How', minWidth: 90, cell: ({ Mode }) => modeLabel(Mode) },
    { id: 'origin', header: 'Came from', minWidth: 120, cell: ({ Origin }) => origins[Origin] ?? Origin },
    { id: 'named', header: 'Named', minWidth: 130, cell: ({ Identities }) => showNamed(Identities) },
    { id: 'endpoints', header: 'Endpoints', minWidth: 90, cell: ({ Endpoints }) => showNumber(Endpoints) },
    { id: 'due', header: 'Begins', minWidth: 120, cell: ({ DueDate }) => <Time value={DueDate} /> },
  ];
}

/** `2 e-mail addresses`: which they are is kept nowhere. */
export function showNamed(identities: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(identities).map(([type, count]) => `${showNumber(count)} × ${typeLabel(type)}`);
  return kinds.join(', ') || '–';
}

/** Requests know people by keyed hashes only: whoever is named here can be found, and nobody can be read out. */
function FindRequests() {
  const { repoint } = useApi();
  const { projectId } = useProjectPlace();
  const [kind, setKind] = useIdentityKind();
  const [value, setValue] = useState('');
  const identity = toIdentity(kind, value.trim());
  const fault = value.trim() === '' ? undefined : faultOf(identity);
  const columns = useColumns();
  // What was typed is a person's: it stays in no cache and no address.
  const find = useMutation({
    mutationFn: () =>
      repoint.send('FindErasureRequests', { ApplicationId: projectId, ErasureIdentities: { Identities: [identity] } }),
    gcTime: 0,
  });
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (value.trim() !== '' && fault === undefined) find.mutate();
  };
  return (
    <Container
      header={
        <Header variant="h2" description="Requests keep hashes of whom they named, so that this can be answered later.">
          Was somebody erased?
        </Header>
      }
    >
      <SpaceBetween size="m">
        <form onSubmit={submit} noValidate>
          <SpaceBetween size="s">
            <IdentityKindFields kind={kind} onChange={setKind} />
            <FormField
              label="Whom"
              errorText={fault === undefined ? undefined : `This ${fault}.`}
              secondaryControl={
                <Button formAction="submit" loading={find.isPending} disabled={value.trim() === ''}>
                  Look
                </Button>
              }
            >
              <Input
                value={value}
                onChange={({ detail }) => setValue(detail.value)}
                ariaLabel="Whom"
                autoComplete={false}
                spellcheck={false}
              />
            </FormField>
          </SpaceBetween>
        </form>
        {find.error ? <ErrorAlert error={find.error} /> : null}
        {find.data === undefined ? null : find.data.Item.length === 0 ? (
          <Alert type="info">No request of this project named this identity.</Alert>
        ) : (
          <Table
            variant="embedded"
            items={[...find.data.Item]}
            columnDefinitions={columns}
            trackBy="Id"
            wrapLines
            ariaLabels={{ tableLabel: 'Requests that named somebody' }}
          />
        )}
      </SpaceBetween>
    </Container>
  );
}
