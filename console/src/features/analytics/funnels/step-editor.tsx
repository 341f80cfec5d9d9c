/** One step of a funnel: its event, conditions on it, its name and its place. */
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ConditionsEditor } from '../filters/conditions-editor.tsx';
import { EventTypeInput } from '../filters/event-type-input.tsx';
import { duplicateStep, type FunnelForm, fewestSteps, mostSteps, moveStep } from './funnel-form.ts';

export interface StepEditorProps {
  readonly steps: FunnelForm['steps'];
  readonly index: number;
  readonly onChange: (steps: FunnelForm['steps']) => void;
}

export function StepEditor({ steps, index, onChange }: StepEditorProps) {
  const step = steps[index];
  if (step === undefined) return null;
  const title = `Step ${index + 1}`;
  const change = (changed: Partial<typeof step>) => onChange(steps.with(index, { ...step, ...changed }));
  const actions = (
    <SpaceBetween direction="horizontal" size="xxs">
      <Button
        variant="icon"
        iconName="arrow-up"
        ariaLabel={`Move ${title} up`}
        disabled={index === 0}
        onClick={() => onChange(moveStep(steps, index, -1))}
      />
      <Button
        variant="icon"
        iconName="arrow-down"
        ariaLabel={`Move ${title} down`}
        disabled={index === steps.length - 1}
        onClick={() => onChange(moveStep(steps, index, 1))}
      />
      <Button
        variant="icon"
        iconName="copy"
        ariaLabel={`Duplicate ${title}`}
        disabled={steps.length >= mostSteps}
        onClick={() => onChange(duplicateStep(steps, index))}
      />
      <Button
        variant="icon"
        iconName="remove"
        ariaLabel={`Remove ${title}`}
        disabled={steps.length <= fewestSteps}
        onClick={() => onChange(steps.toSpliced(index, 1))}
      />
    </SpaceBetween>
  );
  return (
    <Container
      header={
        <Header variant="h2" actions={actions}>
          {title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField label="Event">
          <EventTypeInput
            value={step.filter.eventType}
            onChange={(eventType) => change({ filter: { ...step.filter, eventType } })}
          />
        </FormField>
        <ConditionsEditor
          label="Conditions"
          conditions={step.filter.conditions}
          eventType={step.filter.eventType}
          onChange={(conditions) => change({ filter: { ...step.filter, conditions } })}
        />
        <FormField label="Name" description="Left empty, that of its event.">
          <Input
            value={step.name}
            placeholder={step.filter.eventType}
            onChange={({ detail }) => change({ name: detail.value })}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}
