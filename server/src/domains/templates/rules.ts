/** Rules for what a template is written with, the same for every kind (dossier/messaging §2.1–2.3). */
import { badRequest } from '../../kernel/errors.ts';
import { type TemplateContents, type TemplateType, templateKinds } from './kinds.ts';
import { compileText, TemplateFault } from './render/index.ts';
import type { TemplateText } from './texts.ts';

const namePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const maximumDescriptionLength = 500;

/** Variables and what stands for them where nobody says otherwise. Without a prototype. */
export type Defaults = Readonly<Record<string, unknown>>;

/** @throws BadRequestException */
export function checkTemplateName(name: string): void {
  if (!namePattern.test(name)) {
    throw badRequest(
      'TemplateName must begin with a letter or digit and may have 128 characters: letters, digits, _ and -',
    );
  }
}

/** @throws BadRequestException that names the member */
export function checkContent<Type extends TemplateType>(type: Type, content: TemplateContents[Type]): void {
  const { TemplateDescription: description } = content;
  if (description !== undefined && description.length > maximumDescriptionLength) {
    throw badRequest(`TemplateDescription must have at most ${maximumDescriptionLength} characters`);
  }
  readDefaults(content);
  const kind = templateKinds[type];
  for (const { part, characters, measured } of kind.sizes) {
    if (charactersOf(measured(content)) > characters) {
      throw badRequest(`${part} must have at most ${characters} characters`);
    }
  }
  kind.check?.(content);
}

/** Syntax of every text that is rendered. @throws BadRequestException that names the member and the place in it */
export function checkTexts(texts: readonly TemplateText[]): void {
  for (const { member, text, escape: escaping } of texts) {
    try {
      compileText(text, escaping);
    } catch (error) {
      if (error instanceof TemplateFault) throw badRequest(`${member}: ${error.message}`);
      throw error;
    }
  }
}

/** @throws BadRequestException for DefaultSubstitutions that is no JSON object */
export function readDefaults(content: TemplateContents[TemplateType]): Defaults {
  const text = 'DefaultSubstitutions' in content ? content.DefaultSubstitutions : undefined;
  if (text === undefined) return Object.create(null);
  let value: unknown;
  try {
    value = JSON.parse(text, withoutPrototype);
  } catch {
    throw noObject();
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw noObject();
  return value as Defaults;
}

/** So that a variable `__proto__` or `constructor` is one like any other. */
function withoutPrototype(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.assign(Object.create(null), value);
}

function noObject() {
  return badRequest('DefaultSubstitutions must be the text of a JSON object');
}

/** Of every text in it; names of members do not count. */
export function charactersOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, inner) => sum + charactersOf(inner), 0);
}
