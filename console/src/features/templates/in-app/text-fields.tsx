/** A text of a slide with its colour and alignment: of its header, or of its body. */
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import Textarea from '@cloudscape-design/components/textarea';
import { ColourField } from './colour-field.tsx';
import type { Alignment } from './message.ts';

export interface SlideText {
  readonly text: string;
  readonly colour: string;
  readonly alignment: Alignment;
}

export interface TextFieldsProps {
  /** `Header` */
  readonly label: string;
  readonly value: SlideText;
  readonly longest: number;
  readonly rows?: number;
  readonly onChange: (value: SlideText) => void;
}

const alignments = [
  { value: 'LEFT', label: 'Left' },
  { value: 'CENTER', label: 'Centre' },
  { value: 'RIGHT', label: 'Right' },
];

export function TextFields({ label, value, longest, rows = 1, onChange }: TextFieldsProps) {
  const { text, colour, alignment } = value;
  const tooLong = text.length > longest ? `${text.length} signs: apps show up to ${longest}.` : undefined;
  return (
    <ColumnLayout columns={1}>
      <FormField label={label} constraintText={`Up to ${longest} signs.`} errorText={tooLong} stretch>
        {rows === 1 ? (
          <Input value={text} onChange={({ detail }) => onChange({ ...value, text: detail.value })} />
        ) : (
          <Textarea value={text} rows={rows} onChange={({ detail }) => onChange({ ...value, text: detail.value })} />
        )}
      </FormField>
      <ColumnLayout columns={2}>
        <ColourField
          label={`Colour of the ${label.toLowerCase()}`}
          value={colour}
          onChange={(to) => onChange({ ...value, colour: to })}
        />
        <FormField label={`Alignment of the ${label.toLowerCase()}`}>
          <Select
            selectedOption={alignments.find((each) => each.value === alignment) ?? null}
            options={alignments}
            onChange={({ detail }) => onChange({ ...value, alignment: detail.selectedOption.value as Alignment })}
          />
        </FormField>
      </ColumnLayout>
    </ColumnLayout>
  );
}
