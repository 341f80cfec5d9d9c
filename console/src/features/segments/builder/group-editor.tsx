/** One group of a segment: whom it starts from, and the criteria that narrow it down. */
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type AttributeNames, useSomeSegments } from '../queries.ts';
import { criteriaQuantifiers, newFilter } from './choices.ts';
import { Choice, FilterEditor } from './filter-editor.tsx';
import { type BuilderCriterion, type BuilderGroup, clashOf, newKey, type Quantifier } from './model.ts';

export interface GroupEditorProps {
  readonly title: string;
  readonly group: BuilderGroup;
  readonly names: AttributeNames;
  /** Of the segment that is edited: it cannot start from itself. */
  readonly ownId?: string;
  readonly onChange: (group: BuilderGroup) => void;
  readonly onRemove?: () => void;
}

export function GroupEditor({ title, group, names, ownId, onChange, onRemove }: GroupEditorProps) {
  const changeCriterion = (changed: BuilderCriterion) => {
    const criteria = group.criteria
      .map((criterion) => (criterion.key === changed.key ? changed : criterion))
      .filter(({ filters }) => filters.length > 0);
    onChange({ ...group, criteria });
  };
  const addCriterion = () => {
    const criterion = { key: newKey(), filters: [newFilter()] };
    onChange({ ...group, criteria: [...group.criteria, criterion] });
  };
  const actions = onRemove === undefined ? null : <Button onClick={onRemove}>Remove group</Button>;
  return (
    <Container
      header={
        <Header variant="h2" actions={actions}>
          {title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Sources group={group} ownId={ownId} onChange={onChange} />
        {group.criteria.length > 1 ? (
          <FormField label="Who is in it">
            <Choice
              label="Who is in it"
              value={group.type}
              options={criteriaQuantifiers}
              onChange={(type) => onChange({ ...group, type: type as Quantifier })}
            />
          </FormField>
        ) : null}
        {group.criteria.map((criterion, index) => (
          <Criterion
            key={criterion.key}
            number={index + 1}
            criterion={criterion}
            names={names}
            onChange={changeCriterion}
          />
        ))}
        {group.criteria.length === 1 && group.type === 'NONE' ? (
          <Box color="text-body-secondary">Those for whom this holds are left out.</Box>
        ) : null}
        <Button iconName="add-plus" onClick={addCriterion}>
          Add criterion
        </Button>
      </SpaceBetween>
    </Container>
  );
}

interface CriterionProps {
  readonly number: number;
  readonly criterion: BuilderCriterion;
  readonly names: AttributeNames;
  readonly onChange: (criterion: BuilderCriterion) => void;
}

function Criterion({ number, criterion, names, onChange }: CriterionProps) {
  const { filters } = criterion;
  const clash = clashOf(criterion);
  return (
    <fieldset className="criterion" aria-label={`Criterion ${number}`}>
      <SpaceBetween size="s">
        {filters.map((filter) => (
          <FilterEditor
            key={filter.key}
            filter={filter}
            names={names}
            onChange={(changed) =>
              onChange({ ...criterion, filters: filters.map((each) => (each.key === changed.key ? changed : each)) })
            }
            onRemove={() => onChange({ ...criterion, filters: filters.filter(({ key }) => key !== filter.key) })}
          />
        ))}
        {clash === undefined ? null : (
          <Alert type="warning">
            This criterion asks twice about “{clash}”. Give the second one a criterion of its own.
          </Alert>
        )}
        <Button
          variant="inline-link"
          ariaLabel={`And… (criterion ${number})`}
          onClick={() => onChange({ ...criterion, filters: [...filters, newFilter()] })}
        >
          And…
        </Button>
      </SpaceBetween>
    </fieldset>
  );
}

type SourcesProps = Pick<GroupEditorProps, 'group' | 'ownId' | 'onChange'>;

const sourceQuantifiers = [
  { value: 'ANY', label: 'in any of them' },
  { value: 'ALL', label: 'in all of them' },
  { value: 'NONE', label: 'in none of them' },
];

function Sources({ group, ownId, onChange }: SourcesProps) {
  const { data = [], isPending } = useSomeSegments();
  const options = data.flatMap(({ Id, Name }) => (Id === ownId ? [] : [{ value: Id ?? '', label: Name ?? Id ?? '' }]));
  const chosen = group.sources.map(({ id }) => options.find(({ value }) => value === id) ?? { value: id, label: id });
  const choose = (ids: readonly string[]) =>
    // A source that stays keeps the version that it was pinned to.
    onChange({ ...group, sources: ids.map((id) => group.sources.find((source) => source.id === id) ?? { id }) });
  return (
    <SpaceBetween size="s">
      <FormField label="Start from" description="Everybody, or the members of other segments.">
        <Multiselect
          selectedOptions={chosen}
          options={options}
          onChange={({ detail }) => choose(detail.selectedOptions.map(({ value }) => value ?? ''))}
          placeholder={group.sources.length === 0 ? 'Everybody' : 'Segments'}
          filteringType="auto"
          statusType={isPending ? 'loading' : 'finished'}
          keepOpen
          empty="No other segments"
          ariaLabel="Segments to start from"
          deselectAriaLabel={({ label }) => `Remove ${label}`}
        />
      </FormField>
      {group.sources.length > 1 ? (
        <Choice
          label="Members"
          value={group.sourceType}
          options={sourceQuantifiers}
          onChange={(type) => onChange({ ...group, sourceType: type as Quantifier })}
        />
      ) : null}
    </SpaceBetween>
  );
}
