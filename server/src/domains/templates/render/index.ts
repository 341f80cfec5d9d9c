/** Pinpoint's message language: texts with variables and helpers, read once and rendered for each recipient. */
export type { CompiledText } from './compile.ts';
export { compileText } from './compiled-texts.ts';
export type { Escaping } from './escape.ts';
export { RenderFault, TemplateFault } from './faults.ts';
export { type Rendered, type RenderOptions, renderText } from './render.ts';
export {
  type Defaults,
  parseDefaults,
  type RecipientEndpoint,
  type Recommended,
  type Substitutions,
  type VariableSources,
  type Variables,
  variablesOf,
} from './variables.ts';
