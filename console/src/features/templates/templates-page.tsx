/** Message templates of the account: by kind, and by how their names begin. */
import { ListTemplatesCommand, type TemplateResponse } from '@aws-sdk/client-pinpoint';
import Badge from '@cloudscape-design/components/badge';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';
import { useNavigateFromHere } from '../../app/navigate-from-here.ts';
import { ProjectFrame, useProjectPlace } from '../../app/project-place.tsx';
import { useApi } from '../../app/session.tsx';
import { awsCommand } from '../../ui/command-line.tsx';
import { useDebounced } from '../../ui/debounced.ts';
import { Empty } from '../../ui/empty.tsx';
import { PageLink } from '../../ui/page-link.tsx';
import { PagedTable } from '../../ui/paged-table.tsx';
import { Time } from '../../ui/time.tsx';
import { kindOf, templateKinds } from './kinds.ts';

const everyKind = { value: '', label: 'All kinds' };
const kinds = [everyKind, ...templateKinds.map(({ type, title }) => ({ value: type, label: title }))];

export function TemplatesPage() {
  const { pinpoint, scope, region } = useApi();
  const [type, setType] = useState('');
  const [typed, setTyped] = useState('');
  const prefix = useDebounced(typed);
  return (
    <ProjectFrame
      title="Templates"
      description="Messages to use again. They belong to the account, and every project can use them."
    >
      <PagedTable<TemplateResponse>
        title="Templates"
        queryKey={[...scope, 'templates', type, prefix]}
        load={async (page) => {
          const filter = { ...(type !== '' && { TemplateType: type }), ...(prefix !== '' && { Prefix: prefix }) };
          const answer = await pinpoint.send(
            new ListTemplatesCommand({ ...filter, PageSize: page.PageSize, NextToken: page.Token }),
          );
          return { Item: answer.TemplatesResponse?.Item, NextToken: answer.TemplatesResponse?.NextToken };
        }}
        filter={
          <SpaceBetween direction="horizontal" size="xs">
            <TextFilter
              filteringText={typed}
              filteringPlaceholder="Name begins with"
              filteringAriaLabel="Name begins with"
              onChange={({ detail }) => setTyped(detail.filteringText)}
            />
            <Select
              selectedOption={kinds.find(({ value }) => value === type) ?? everyKind}
              options={kinds}
              onChange={({ detail }) => setType(detail.selectedOption.value ?? '')}
              ariaLabel="Kind of template"
            />
          </SpaceBetween>
        }
        columns={useColumns()}
        idOf={({ TemplateType, TemplateName }) => `${TemplateType} ${TemplateName}`}
        nameOf={({ TemplateName = '' }) => TemplateName}
        selectable={false}
        actions={() => <CreateMenu />}
        empty={
          <Empty
            title={type === '' && prefix === '' ? 'No templates' : 'No template fits'}
            command={awsCommand(
              ...(['create-sms-template', region, '--template-name reminder'] as const),
              "--sms-template-request 'Body=Hello'",
            )}
          >
            Create one with the button above, or from a terminal:
          </Empty>
        }
      />
    </ProjectFrame>
  );
}

function useColumns(): TableProps.ColumnDefinition<TemplateResponse>[] {
  const { path } = useProjectPlace();
  return [
    {
      id: 'name',
      header: 'Name',
      minWidth: 180,
      isRowHeader: true,
      cell: ({ TemplateName = '', TemplateType = '' }) => (
        <PageLink to={path(`templates/${TemplateType}/${encodeURIComponent(TemplateName)}`)}>{TemplateName}</PageLink>
      ),
    },
    {
      id: 'kind',
      header: 'Kind',
      minWidth: 140,
      cell: ({ TemplateType = '' }) => <Badge>{kindOf(TemplateType)?.title ?? TemplateType}</Badge>,
    },
    { id: 'version', header: 'Active version', minWidth: 120, cell: ({ Version }) => Version },
    {
      id: 'changed',
      header: 'Last changed',
      minWidth: 160,
      cell: ({ LastModifiedDate }) => <Time value={LastModifiedDate} />,
    },
  ];
}

function CreateMenu() {
  const { path } = useProjectPlace();
  const navigate = useNavigateFromHere();
  return (
    <ButtonDropdown
      variant="primary"
      items={templateKinds.map(({ type, title }) => ({ id: type, text: title }))}
      onItemClick={({ detail }) => navigate(path(`templates/${detail.id}`))}
    >
      Create template
    </ButtonDropdown>
  );
}
