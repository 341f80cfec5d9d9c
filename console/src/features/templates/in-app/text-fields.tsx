/** A text of a slide with its colour and alignment: of its header, or of its body. */
import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
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
  { id: 'LEFT', text: 'Left' },
  { id: 'CENTER', text: 'Centre' },
  { id: 'RIGHT', text: 'Right' },
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
          <SegmentedControl
            selectedId={alignment}
            options={alignments}
            label={`Alignment of the ${label.toLowerCase()}`}
            onChange={({ detail }) => onChange({ ...value, alignment: detail.selectedId as Alignment })}
          />
        </FormField>
      </ColumnLayout>
    </ColumnLayout>
  );
}
