/** A button of a slide: what stands on it, what it does, and what it does otherwise on a kind of device. */
import type { ButtonAction, DefaultButtonConfiguration, InAppMessageButton } from '@aws-sdk/client-pinpoint';
import Checkbox from '@cloudscape-design/components/checkbox';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { ColourField } from './colour-field.tsx';
import { longest, newButton } from './message.ts';

export interface ButtonFieldsProps {
  /** `Primary button` */
  readonly label: string;
  readonly button: InAppMessageButton | undefined;
  readonly onChange: (button: InAppMessageButton | undefined) => void;
}

export function ButtonFields({ label, button, onChange }: ButtonFieldsProps) {
  return (
    <SpaceBetween size="s">
      <Checkbox
        checked={button !== undefined}
        onChange={({ detail }) => onChange(detail.checked ? newButton : undefined)}
      >
        {label}
      </Checkbox>
      {button === undefined ? null : <Details label={label} button={button} onChange={onChange} />}
    </SpaceBetween>
  );
}

type DetailsProps = ButtonFieldsProps & { readonly button: InAppMessageButton };

function Details({ label, button, onChange }: DetailsProps) {
  const config = button.DefaultConfig ?? (newButton.DefaultConfig as DefaultButtonConfiguration);
  const change = (changed: Partial<DefaultButtonConfiguration>) =>
    onChange({ ...button, DefaultConfig: { ...config, ...changed } });
  const text = config.Text ?? '';
  return (
    <SpaceBetween size="s">
      <FormField
        label={`Text of the ${label.toLowerCase()}`}
        constraintText={`Up to ${longest.button} signs.`}
        errorText={text.length > longest.button ? `${text.length} signs.` : undefined}
      >
        <Input value={text} onChange={({ detail }) => change({ Text: detail.value })} />
      </FormField>
      <ActionFields label={label} value={config} onChange={change} />
      <ColumnLayout columns={2}>
        <ColourField
          label={`Colour of the ${label.toLowerCase()}`}
          value={config.BackgroundColor ?? ''}
          onChange={(BackgroundColor) => change({ BackgroundColor })}
        />
        <ColourField
          label={`Colour of the text of the ${label.toLowerCase()}`}
          value={config.TextColor ?? ''}
          onChange={(TextColor) => change({ TextColor })}
        />
      </ColumnLayout>
      <FormField label={`Rounding of the ${label.toLowerCase()}`} constraintText="Pixels.">
        <Input
          type="number"
          inputMode="numeric"
          value={String(config.BorderRadius ?? 0)}
          onChange={({ detail }) => change({ BorderRadius: Math.max(0, Math.trunc(Number(detail.value))) })}
        />
      </FormField>
      <ExpandableSection headerText="Otherwise on a kind of device">
        <SpaceBetween size="s">
          {devices.map(([device, words]) => (
            <Override key={device} label={`${label}, ${words}`} device={device} button={button} onChange={onChange} />
          ))}
        </SpaceBetween>
      </ExpandableSection>
    </SpaceBetween>
  );
}

const devices = [
  ['Android', 'Android'],
  ['IOS', 'iOS'],
  ['Web', 'web'],
] as const;

type OverrideProps = DetailsProps & { readonly device: (typeof devices)[number][0] };

function Override({ label, device, button, onChange }: OverrideProps) {
  const { [device]: own, ...others } = button;
  return (
    <SpaceBetween size="xs">
      <Checkbox
        checked={own !== undefined}
        onChange={({ detail }) =>
          onChange(detail.checked ? { ...button, [device]: { ButtonAction: 'CLOSE' } } : others)
        }
      >
        {label}
      </Checkbox>
      {own === undefined ? null : (
        <ActionFields
          label={label}
          value={own}
          onChange={(changed) => onChange({ ...button, [device]: { ...own, ...changed } })}
        />
      )}
    </SpaceBetween>
  );
}

const actions: readonly { readonly value: ButtonAction; readonly label: string }[] = [
  { value: 'CLOSE', label: 'Closes the message' },
  { value: 'LINK', label: 'Opens a web page' },
  { value: 'DEEP_LINK', label: 'Opens a place in the app' },
];

interface Action {
  readonly ButtonAction: ButtonAction | undefined;
  readonly Link?: string | undefined;
}

interface ActionFieldsProps {
  readonly label: string;
  readonly value: Action;
  readonly onChange: (action: { ButtonAction: ButtonAction; Link?: string }) => void;
}

function ActionFields({ label, value, onChange }: ActionFieldsProps) {
  const { ButtonAction: action = 'CLOSE', Link: link = '' } = value;
  return (
    <ColumnLayout columns={2}>
      <FormField label={`What it does: ${label.toLowerCase()}`}>
        <Select
          selectedOption={actions.find((each) => each.value === action) ?? null}
          options={actions}
          onChange={({ detail }) => {
            const chosen = detail.selectedOption.value as ButtonAction;
            onChange({ ButtonAction: chosen, ...(chosen !== 'CLOSE' && { Link: link }) });
          }}
        />
      </FormField>
      {action === 'CLOSE' ? null : (
        <FormField
          label={`Address: ${label.toLowerCase()}`}
          errorText={link === '' ? 'Say where it leads.' : undefined}
        >
          <Input
            value={link}
            placeholder={action === 'LINK' ? 'https://' : 'shop://offers'}
            onChange={({ detail }) => onChange({ ButtonAction: action, Link: detail.value })}
            spellcheck={false}
          />
        </FormField>
      )}
    </ColumnLayout>
  );
}
