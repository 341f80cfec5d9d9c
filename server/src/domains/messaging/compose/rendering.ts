/** Texts for one recipient: rendered with what is known of them, and what was missing noted on the way. */
import { type CompiledText, compileText, type Escape, renderText, type Variables } from '../../templates/index.ts';

/** The message cannot be made: an outcome found before anybody was asked to deliver it. */
export class Unsendable extends Error {
  readonly statusCode: 400 | 413;

  constructor(message: string, statusCode: 400 | 413 = 400) {
    super(message);
    this.name = 'Unsendable';
    this.statusCode = statusCode;
  }
}

export interface RenderingOptions {
  readonly variables: Variables;
  readonly now: Date;
  /** Of the project: whether a message with a variable that has no value leaves without it, or not at all. */
  readonly missingVariables: 'OMIT' | 'FAIL';
}

export class Rendering {
  readonly #options: RenderingOptions;
  readonly missing = new Set<string>();
  readonly warnings: string[] = [];

  constructor(options: RenderingOptions) {
    this.#options = options;
  }

  /** @throws Unsendable; TemplateFault and RenderFault of a text that cannot be rendered */
  render(text: string, escaping: Escape): string {
    const compiled: CompiledText = compileText(text, escaping);
    const { variables, now, missingVariables } = this.#options;
    const rendered = renderText(compiled, variables, { now });
    for (const name of rendered.missing) this.missing.add(name);
    this.warnings.push(...rendered.warnings);
    if (rendered.missing.length > 0 && missingVariables === 'FAIL') {
      throw new Unsendable('A variable of the message has no value');
    }
    return rendered.text;
  }

  /** Undefined stays undefined. */
  renderOptional(text: string | undefined, escaping: Escape): string | undefined {
    return text === undefined ? undefined : this.render(text, escaping);
  }
}
