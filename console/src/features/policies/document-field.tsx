/** The document of a policy as text, with what is wrong with it said at its place. */
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useRef } from 'react';
import { Source } from '../../ui/source.tsx';
import './document-field.css';
import { type JsonFault, lineOf } from './json-place.ts';

export interface DocumentFieldProps {
  readonly text: string;
  readonly fault: JsonFault | undefined;
  readonly onChange: (text: string) => void;
}

export function DocumentField({ text, fault, onChange }: DocumentFieldProps) {
  const field = useRef<HTMLDivElement>(null);
  const show = ({ from, to }: JsonFault) => {
    const area = field.current?.querySelector('textarea');
    if (!area) return;
    area.focus();
    area.setSelectionRange(from, to);
    // Browsers do not scroll to a selection that is set: its line is brought to the middle.
    const lines = text.split('\n').length;
    area.scrollTop = (area.scrollHeight * (lineOf(text, from) - 1)) / lines - area.clientHeight / 2;
  };
  return (
    <SpaceBetween size="xs">
      <div ref={field} className="policy-document">
        <FormField
          label="Document"
          description="JSON, as in AWS IAM: statements with Effect, Action, Resource and Condition."
          constraintText="Up to 10,240 characters. What is not understood is refused, never passed over."
          errorText={fault === undefined ? undefined : `Line ${lineOf(text, fault.from)}: ${fault.says}`}
          stretch
        >
          <Textarea
            value={text}
            rows={22}
            onChange={({ detail }) => onChange(detail.value)}
            spellcheck={false}
            disableBrowserAutocorrect
          />
        </FormField>
      </div>
      {fault === undefined ? null : (
        <SpaceBetween size="xs">
          <Source text={excerpt(text, fault)} label="Where it is" />
          <Button onClick={() => show(fault)}>Go to line {lineOf(text, fault.from)}</Button>
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

const longestLine = 100;

/** The line, and signs under what is meant. */
function excerpt(text: string, { from, to, says }: JsonFault): string {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const line = text.slice(start).split('\n')[0] ?? '';
  const column = Math.min(from - start, longestLine);
  const width = Math.max(1, Math.min(to - from, line.length - column));
  const number = `${lineOf(text, from)} | `;
  const shown = line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
  return `${number}${shown}\n${' '.repeat(number.length + column)}${'^'.repeat(Math.min(width, longestLine))}\n${says}`;
}
