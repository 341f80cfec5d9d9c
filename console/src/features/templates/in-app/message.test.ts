/** In-app messages between the API's JSON and the editor: nothing is lost, nothing odd is taken apart. */
import { describe, expect, it } from 'vitest';
import {
  inAppFault,
  messageFault,
  newButton,
  newSlide,
  readPairs,
  readSlides,
  type Slide,
  writePairs,
  writeSlides,
} from './message.ts';

const slide: Slide = {
  ...newSlide,
  HeaderConfig: { Header: 'Hello', TextColor: '#000000', Alignment: 'LEFT' },
  BodyConfig: { Body: 'A gift', TextColor: '#000000', Alignment: 'LEFT' },
};
const button = (change: object): NonNullable<Slide['PrimaryBtn']> => ({
  DefaultConfig: { Text: 'Go', ButtonAction: 'CLOSE', ...change },
});

describe('slides', () => {
  it('come back as they were, with what no editor shows', () => {
    const stored = [{ ...slide, Later: { addition: true } }];
    expect(readSlides(writeSlides(stored as Slide[]))).toEqual(stored);
    expect(writeSlides([])).toBe('');
    expect(readSlides('')).toEqual([]);
  });

  it.each([
    ['{}'],
    ['[1]'],
    ['[null]'],
    ['[{"HeaderConfig": "x"}]'],
    ['[{"HeaderConfig": {"Header": 7}}]'],
    ['[{"PrimaryBtn": {"DefaultConfig": {"BorderRadius": "8"}}}]'],
    ['[{'],
  ])('are not what the text holds: %s', (text) => expect(readSlides(text)).toBeUndefined());
});

it('a form is saved once its texts are what they should be', () => {
  const form = { Layout: 'OVERLAYS', Content: writeSlides([slide]) };
  expect(inAppFault(form)).toBeUndefined();
  expect(inAppFault({ ...form, Content: '[{' })).toContain('no list of slides');
  expect(inAppFault({ ...form, CustomConfig: '[]' })).toContain('no object of texts');
  expect(inAppFault({ ...form, CustomConfig: '{"": "x"}' })).toContain('Name each pair');
});

it('custom data is an object of texts', () => {
  expect(readPairs('{"a": "1", "b": ""}')).toEqual([
    ['a', '1'],
    ['b', ''],
  ]);
  expect(readPairs('{"a": 1}')).toBeUndefined();
  expect(readPairs('[]')).toBeUndefined();
  expect(readPairs(writePairs([]))).toEqual([]);
});

it.each([
  ['', [slide], 'Choose a layout.'],
  ['OVERLAYS', [], 'Add a slide.'],
  ['OVERLAYS', [slide, slide], 'Only a carousel'],
  ['CAROUSEL', [slide, newSlide], 'Slide 2: Write a header.'],
  [
    'OVERLAYS',
    [{ ...slide, HeaderConfig: { ...slide.HeaderConfig, Header: 'x'.repeat(65) } as Slide['HeaderConfig'] }],
    '64',
  ],
  ['OVERLAYS', [{ ...slide, PrimaryBtn: newButton }], 'what stands on the button'],
  ['OVERLAYS', [{ ...slide, PrimaryBtn: button({ ButtonAction: 'LINK' }) }], 'where the button leads'],
  ['OVERLAYS', [{ ...slide, PrimaryBtn: { ...button({}), IOS: { ButtonAction: 'DEEP_LINK' as const } } }], 'where the'],
  ['CAROUSEL', [slide, { ...slide, SecondaryBtn: button({ ButtonAction: 'LINK', Link: 'https://x' }) }], undefined],
] as readonly (readonly [string, readonly Slide[], string | undefined])[])(
  'says what is missing: %s %#',
  (layout, slides, fault) => {
    const found = messageFault(layout, slides);
    if (fault === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(fault);
  },
);
