/** The texts of a template that are rendered, as one list: for the syntax check when it is written, and for rendering. */
import { type Escape, type TemplateContents, type TemplateType, templateKinds } from './kinds.ts';

export interface TemplateText {
  /** `HtmlPart`, `Headers[2].Value`, `APNS.RawContent`. */
  readonly member: string;
  readonly text: string;
  readonly escape: Escape;
}

/** A template as far as texts go; found templates and bodies of requests both are. */
export interface TemplateLike<Type extends TemplateType = TemplateType> {
  readonly type: Type;
  readonly content: TemplateContents[Type];
}

export function textsOf(template: TemplateLike): TemplateText[] {
  const texts: TemplateText[] = [];
  mapTexts(template, (text) => {
    texts.push(text);
    return text.text;
  });
  return texts;
}

/** The content with each of `textsOf` replaced. */
export function mapTexts<Type extends TemplateType>(
  { type, content }: TemplateLike<Type>,
  render: (text: TemplateText) => string,
): TemplateContents[Type] {
  let mapped: unknown = content;
  for (const place of templateKinds[type].rendered) {
    mapped = mapAt(mapped, place.path, '', (text, member) => render({ member, text, escape: place.escape }));
  }
  return mapped as TemplateContents[Type];
}

function mapAt(
  value: unknown,
  [key, ...deeper]: readonly string[],
  member: string,
  map: (text: string, member: string) => string,
): unknown {
  if (key === undefined) return typeof value === 'string' ? map(value, member) : value;
  if (key === '*') {
    if (!Array.isArray(value)) return value;
    return value.map((element, index) => mapAt(element, deeper, `${member}[${index}]`, map));
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return value;
  const inner = (value as Readonly<Record<string, unknown>>)[key];
  return { ...value, [key]: mapAt(inner, deeper, member === '' ? key : `${member}.${key}`, map) };
}
