/** Values of a custom attribute of endpoints: counted in a sample, as the segment builder counts them. */
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Loaded } from '../../../ui/loaded.tsx';
import { useParameterInAddress } from '../../../ui/parameter-in-address.ts';
import { useAttributeNames, useAttributeValues } from '../../segments/queries.ts';
import { ValueBars } from '../charts/value-bars.tsx';
import { asCount } from '../figures/figure.ts';
import { ReportTable } from '../figures/report-table.tsx';

export function CustomAttributes() {
  const names = useAttributeNames();
  const [chosen, choose] = useParameterInAddress('attribute');
  const name = chosen === '' ? names.data?.attributes[0] : chosen;
  return (
    <Container header={<Header variant="h2">Custom attributes</Header>}>
      <Loaded query={names}>
        {({ attributes }) =>
          name === undefined ? (
            'No endpoint has a custom attribute.'
          ) : (
            <SpaceBetween size="m">
              <FormField label="Attribute">
                <Select
                  selectedOption={{ value: name }}
                  options={attributes.map((value) => ({ value }))}
                  onChange={({ detail }) => choose(detail.selectedOption.value ?? name)}
                  filteringType={attributes.length > 10 ? 'auto' : 'none'}
                />
              </FormField>
              <Values name={name} />
            </SpaceBetween>
          )
        }
      </Loaded>
    </Container>
  );
}

function Values({ name }: { readonly name: string }) {
  const query = useAttributeValues('attribute', name);
  return (
    <Loaded query={query}>
      {({ Item, SampledEndpoints }) => (
        <SpaceBetween size="m">
          <ValueBars
            title="Endpoints"
            label={`Values of ${name}`}
            values={Item.map(({ Value, Count }) => ({ value: Value, count: Count }))}
          />
          <ReportTable
            title={`Values of ${name}`}
            description={`The most frequent ones, among ${asCount(SampledEndpoints)} endpoints that were looked at`}
            rows={Item}
            columns={[
              { id: 'Value', header: 'Value', value: ({ Value }) => Value, cell: ({ Value }) => <bdi>{Value}</bdi> },
              { id: 'Count', header: 'Endpoints', value: ({ Count }) => Count },
            ]}
            idOf={({ Value }) => Value}
            fileName={`attribute_${name.replaceAll(/[^\w-]+/g, '_')}`}
            empty="No values"
            embedded
          />
        </SpaceBetween>
      )}
    </Loaded>
  );
}
