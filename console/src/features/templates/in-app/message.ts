/**
 * An in-app message as its editor holds it: the JSON of `Content`, read and written slide by slide. What the editor does not
 * show stays as it was.
 */
import type { InAppMessageBodyConfig, InAppMessageButton, InAppMessageContent, Layout } from '@aws-sdk/client-pinpoint';

export type Slide = InAppMessageContent;
export type Alignment = NonNullable<InAppMessageBodyConfig['Alignment']>;

export const layouts: readonly { readonly value: Layout; readonly label: string; readonly description: string }[] = [
  { value: 'BOTTOM_BANNER', label: 'Bottom banner', description: 'At the lower edge of the screen' },
  { value: 'TOP_BANNER', label: 'Top banner', description: 'At the upper edge of the screen' },
  { value: 'MIDDLE_BANNER', label: 'Middle banner', description: 'A window in the middle' },
  { value: 'OVERLAYS', label: 'Overlay', description: 'The whole screen' },
  { value: 'MOBILE_FEED', label: 'Mobile feed', description: 'A card among others' },
  { value: 'CAROUSEL', label: 'Carousel', description: 'Up to five slides to leaf through' },
];

export const mostSlides = 5;
export const mostPairs = 10;
/** Of Pinpoint's own console; the API takes longer ones. */
export const longest = { header: 64, body: 150, button: 64 } as const;

export const newSlide: Slide = {
  BackgroundColor: '#FFFFFF',
  HeaderConfig: { Header: '', TextColor: '#000000', Alignment: 'CENTER' },
  BodyConfig: { Body: '', TextColor: '#000000', Alignment: 'CENTER' },
};

export const newButton: InAppMessageButton = {
  DefaultConfig: {
    ...{ Text: '', ButtonAction: 'CLOSE', BackgroundColor: '#0B57D0', TextColor: '#FFFFFF', BorderRadius: 8 },
  },
};

/** Undefined when the text is no list of slides; then it is edited as text. */
export function readSlides(text: string): readonly Slide[] | undefined {
  if (text.trim() === '') return [];
  try {
    const content: unknown = JSON.parse(text);
    return Array.isArray(content) && content.every(isSlide) ? content : undefined;
  } catch {
    return undefined;
  }
}

export function writeSlides(slides: readonly Slide[]): string {
  return slides.length === 0 ? '' : JSON.stringify(slides, null, 2);
}

function isSlide(value: unknown): value is Slide {
  if (!isMap(value)) return false;
  const { BackgroundColor, ImageUrl, HeaderConfig, BodyConfig, PrimaryBtn, SecondaryBtn } = value;
  return (
    [BackgroundColor, ImageUrl].every(isTextOrNone) &&
    [HeaderConfig, BodyConfig].every((config) => config === undefined || hasTexts(config)) &&
    [PrimaryBtn, SecondaryBtn].every((button) => button === undefined || isButton(button))
  );
}

function isButton(value: unknown): boolean {
  if (!isMap(value)) return false;
  return ['DefaultConfig', 'Android', 'IOS', 'Web'].every((name) => {
    const config = value[name];
    return config === undefined || hasTexts(config, ['BorderRadius']);
  });
}

function hasTexts(value: unknown, numbers: readonly string[] = []): boolean {
  if (!isMap(value)) return false;
  return Object.entries(value).every(([name, member]) =>
    numbers.includes(name) ? member === undefined || typeof member === 'number' : isTextOrNone(member),
  );
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export type Pair = readonly [name: string, value: string];

/** Undefined when the text is no object of texts. */
export function readPairs(text: string): readonly Pair[] | undefined {
  if (text.trim() === '') return [];
  try {
    const config: unknown = JSON.parse(text);
    if (!isMap(config)) return undefined;
    const pairs = Object.entries(config);
    return pairs.every((pair): pair is [string, string] => typeof pair[1] === 'string') ? pairs : undefined;
  } catch {
    return undefined;
  }
}

/** Of two pairs with one name the last one holds. */
export function writePairs(pairs: readonly Pair[]): string {
  return pairs.length === 0 ? '' : JSON.stringify(Object.fromEntries(pairs), null, 2);
}

/** What keeps it from being saved, of its texts of JSON; undefined when nothing does. */
export function inAppFault(form: Readonly<Record<string, string>>): string | undefined {
  const slides = readSlides(form['Content'] ?? '');
  const pairs = readPairs(form['CustomConfig'] ?? '');
  if (slides === undefined) return 'The content is no list of slides.';
  if (pairs === undefined) return 'The custom data is no object of texts.';
  if (pairs.some(([name]) => name === '')) return 'Name each pair of custom data.';
  return messageFault(form['Layout'] ?? '', slides);
}

/** What keeps an app from showing it as it is meant; undefined when nothing does. */
export function messageFault(layout: string, slides: readonly Slide[]): string | undefined {
  if (layout === '') return 'Choose a layout.';
  if (slides.length === 0) return 'Add a slide.';
  if (layout !== 'CAROUSEL' && slides.length > 1) return 'Only a carousel has more than one slide.';
  for (const [index, slide] of slides.entries()) {
    const fault = slideFault(slide);
    if (fault !== undefined) return slides.length === 1 ? fault : `Slide ${index + 1}: ${fault}`;
  }
  return undefined;
}

function slideFault({ HeaderConfig, BodyConfig, PrimaryBtn, SecondaryBtn }: Slide): string | undefined {
  if ((HeaderConfig?.Header ?? '') === '') return 'Write a header.';
  if ((BodyConfig?.Body ?? '') === '') return 'Write a text.';
  if ((HeaderConfig?.Header ?? '').length > longest.header) return `The header has more than ${longest.header} signs.`;
  if ((BodyConfig?.Body ?? '').length > longest.body) return `The text has more than ${longest.body} signs.`;
  return [PrimaryBtn, SecondaryBtn].map(buttonFault).find((fault) => fault !== undefined);
}

function buttonFault(button: InAppMessageButton | undefined): string | undefined {
  if (button === undefined) return undefined;
  const { DefaultConfig: config } = button;
  if ((config?.Text ?? '') === '') return 'Write what stands on the button.';
  if ((config?.Text ?? '').length > longest.button) return `The button has more than ${longest.button} signs.`;
  const places = [config, button.Android, button.IOS, button.Web];
  return places.some((place) => place !== undefined && place.ButtonAction !== 'CLOSE' && (place.Link ?? '') === '')
    ? 'Say where the button leads.'
    : undefined;
}
