/** Message templates: what other rooms may use. */
export { checkEmailHeaders, maximumHeaderValueLength } from './email-headers.ts';
export {
  type FoundTemplate,
  findTemplate,
  namesLatest,
  TemplateLookup,
  type TemplateReference,
} from './find-template.ts';
export { checkInAppContent } from './in-app.ts';
export type { Escape, TemplateContents, TemplateType } from './kinds.ts';
export { templateOperations } from './operations.ts';
export { templatesPersonalData } from './personal-data.ts';
export {
  type CompiledText,
  compileText,
  RenderFault,
  renderText,
  TemplateFault,
  type Variables,
  variablesOf,
} from './render/index.ts';
export { checkTexts, type Defaults, readDefaults } from './rules.ts';
export { taggableTemplates } from './taggable.ts';
export { mapTexts, type TemplateLike, type TemplateText, textsOf } from './texts.ts';
