/** Custom data of a message: names and values that the app gets with it. */
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { mostPairs, type Pair } from './message.ts';

export interface PairsFieldProps {
  readonly pairs: readonly Pair[];
  readonly onChange: (pairs: readonly Pair[]) => void;
}

export function PairsField({ pairs, onChange }: PairsFieldProps) {
  const change = (at: number, pair: Pair) => onChange(pairs.map((each, index) => (index === at ? pair : each)));
  const names = pairs.map(([name]) => name);
  return (
    <FormField
      label="Custom data"
      constraintText={`Up to ${mostPairs} pairs; the app gets them with the message.`}
      stretch
    >
      <SpaceBetween size="xs">
        {pairs.map(([name, value], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a pair is its place: its name changes while it is typed
          <SpaceBetween key={index} direction="horizontal" size="xs">
            <Input
              value={name}
              placeholder="Name"
              ariaLabel={`Name ${index + 1}`}
              invalid={names.indexOf(name) !== index}
              onChange={({ detail }) => {
                // Two of one name would be one: the second keeps its own until it differs.
                if (!names.some((other, at) => at !== index && other === detail.value))
                  change(index, [detail.value, value]);
              }}
            />
            <Input
              value={value}
              placeholder="Value"
              ariaLabel={`Value ${index + 1}`}
              onChange={({ detail }) => change(index, [name, detail.value])}
            />
            <Button
              iconName="remove"
              variant="icon"
              ariaLabel={`Remove ${name === '' ? `pair ${index + 1}` : name}`}
              onClick={() => onChange(pairs.filter((_pair, at) => at !== index))}
            />
          </SpaceBetween>
        ))}
        <Button
          iconName="add-plus"
          disabled={pairs.length >= mostPairs || names.includes('')}
          onClick={() => onChange([...pairs, ['', '']])}
        >
          Add custom data
        </Button>
      </SpaceBetween>
    </FormField>
  );
}
