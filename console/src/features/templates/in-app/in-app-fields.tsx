/** The editor of an in-app message: layout, slides, buttons, custom data; or the JSON of it, for those who prefer that. */
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import Toggle from '@cloudscape-design/components/toggle';
import { useState } from 'react';
import type { Form } from '../content.ts';
import { ButtonFields } from './button-fields.tsx';
import { ColourField } from './colour-field.tsx';
import {
  layouts,
  longest,
  mostSlides,
  newSlide,
  readPairs,
  readSlides,
  type Slide,
  writePairs,
  writeSlides,
} from './message.ts';
import { PairsField } from './pairs-field.tsx';
import { TextFields } from './text-fields.tsx';

export interface InAppFieldsProps {
  readonly form: Form;
  readonly onChange: (changed: Form) => void;
}

export function InAppFields({ form, onChange }: InAppFieldsProps) {
  const [asText, setAsText] = useState(false);
  const text = form['Content'] ?? '';
  const slides = readSlides(text);
  const layout = form['Layout'] ?? '';
  const change = (changed: readonly Slide[]) => onChange({ Content: writeSlides(changed) });
  return (
    <SpaceBetween size="m">
      <FormField label="Layout">
        <Select
          selectedOption={layouts.find(({ value }) => value === layout) ?? null}
          options={layouts}
          onChange={({ detail }) => onChange({ Layout: detail.selectedOption.value ?? '' })}
          placeholder="Choose a layout"
          ariaLabel="Layout"
        />
      </FormField>
      <Toggle checked={asText} onChange={({ detail }) => setAsText(detail.checked)}>
        Edit the content as JSON
      </Toggle>
      {asText || slides === undefined ? (
        <AsText text={text} isSlides={slides !== undefined} onChange={(Content) => onChange({ Content })} />
      ) : (
        <Slides slides={slides} isCarousel={layout === 'CAROUSEL'} onChange={change} />
      )}
      <CustomData text={form['CustomConfig'] ?? ''} onChange={(CustomConfig) => onChange({ CustomConfig })} />
      <FormField label="Version description" constraintText="Up to 500 characters.">
        <Input
          value={form['TemplateDescription'] ?? ''}
          onChange={({ detail }) => onChange({ TemplateDescription: detail.value })}
        />
      </FormField>
    </SpaceBetween>
  );
}

interface AsTextProps {
  readonly text: string;
  readonly isSlides: boolean;
  readonly onChange: (text: string) => void;
}

function AsText({ text, isSlides, onChange }: AsTextProps) {
  return (
    <FormField
      label="Content"
      constraintText="One object a slide: BackgroundColor, HeaderConfig, BodyConfig, ImageUrl, PrimaryBtn, SecondaryBtn."
      errorText={isSlides ? undefined : 'This is no list of slides.'}
      stretch
    >
      <Textarea value={text} rows={20} onChange={({ detail }) => onChange(detail.value)} spellcheck={false} />
    </FormField>
  );
}

interface SlidesProps {
  readonly slides: readonly Slide[];
  readonly isCarousel: boolean;
  readonly onChange: (slides: readonly Slide[]) => void;
}

function Slides({ slides, isCarousel, onChange }: SlidesProps) {
  const put = (at: number, slide: Slide) => onChange(slides.map((each, index) => (index === at ? slide : each)));
  const full = slides.length >= (isCarousel ? mostSlides : 1);
  return (
    <SpaceBetween size="m">
      {slides.map((slide, index) => (
        <SlideFields
          // biome-ignore lint/suspicious/noArrayIndexKey: a slide is its place
          key={index}
          title={slides.length === 1 ? 'Message' : `Slide ${index + 1}`}
          slide={slide}
          onChange={(changed) => put(index, changed)}
          onRemove={() => onChange(slides.filter((_slide, at) => at !== index))}
        />
      ))}
      {full ? null : (
        <Button iconName="add-plus" onClick={() => onChange([...slides, newSlide])}>
          {slides.length === 0 ? 'Write the message' : 'Add a slide'}
        </Button>
      )}
      {!isCarousel && slides.length > 1 ? (
        <Alert type="warning">Only a carousel has more than one slide: remove the others or choose that layout.</Alert>
      ) : null}
    </SpaceBetween>
  );
}

interface SlideFieldsProps {
  readonly title: string;
  readonly slide: Slide;
  readonly onChange: (slide: Slide) => void;
  readonly onRemove: () => void;
}

function SlideFields({ title, slide, onChange, onRemove }: SlideFieldsProps) {
  const { HeaderConfig: header, BodyConfig: body, PrimaryBtn, SecondaryBtn, ...others } = slide;
  return (
    <Container
      header={
        <Header variant="h3" actions={<Button onClick={onRemove}>Remove</Button>}>
          {title}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <TextFields
          label="Header"
          longest={longest.header}
          value={{
            ...{ text: header?.Header ?? '', colour: header?.TextColor ?? '#000000' },
            alignment: header?.Alignment ?? 'CENTER',
          }}
          onChange={({ text, colour, alignment }) =>
            onChange({ ...slide, HeaderConfig: { ...header, Header: text, TextColor: colour, Alignment: alignment } })
          }
        />
        <TextFields
          label="Text"
          longest={longest.body}
          rows={3}
          value={{
            ...{ text: body?.Body ?? '', colour: body?.TextColor ?? '#000000' },
            alignment: body?.Alignment ?? 'CENTER',
          }}
          onChange={({ text, colour, alignment }) =>
            onChange({ ...slide, BodyConfig: { ...body, Body: text, TextColor: colour, Alignment: alignment } })
          }
        />
        <ColourField
          label="Background"
          value={slide.BackgroundColor ?? ''}
          onChange={(BackgroundColor) => onChange({ ...slide, BackgroundColor })}
        />
        <FormField label="Image" constraintText="Its address: .jpg or .png, 100 × 100 or 300 × 200 pixels." stretch>
          <Input
            value={slide.ImageUrl ?? ''}
            placeholder="https://"
            spellcheck={false}
            onChange={({ detail }) => {
              const { ImageUrl: _former, ...rest } = slide;
              onChange(detail.value === '' ? rest : { ...rest, ImageUrl: detail.value });
            }}
          />
        </FormField>
        <ButtonFields
          label="Primary button"
          button={PrimaryBtn}
          onChange={(button) => onChange(withButtons(slide, others, button, SecondaryBtn))}
        />
        <ButtonFields
          label="Secondary button"
          button={SecondaryBtn}
          onChange={(button) => onChange(withButtons(slide, others, PrimaryBtn, button))}
        />
      </SpaceBetween>
    </Container>
  );
}

/** A button that is taken away leaves nothing behind. */
function withButtons(
  { HeaderConfig, BodyConfig }: Slide,
  others: Slide,
  primary: Slide['PrimaryBtn'],
  secondary: Slide['SecondaryBtn'],
): Slide {
  return {
    ...{ ...others, ...(HeaderConfig && { HeaderConfig }), ...(BodyConfig && { BodyConfig }) },
    ...(primary && { PrimaryBtn: primary }),
    ...(secondary && { SecondaryBtn: secondary }),
  };
}

interface CustomDataProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
}

function CustomData({ text, onChange }: CustomDataProps) {
  const pairs = readPairs(text);
  if (pairs !== undefined) return <PairsField pairs={pairs} onChange={(changed) => onChange(writePairs(changed))} />;
  return (
    <FormField label="Custom data" errorText="This is no object of texts." stretch>
      <Textarea value={text} rows={4} onChange={({ detail }) => onChange(detail.value)} spellcheck={false} />
    </FormField>
  );
}
