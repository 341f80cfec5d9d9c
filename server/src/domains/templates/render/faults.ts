/** What may go wrong with a template: when it is read (TemplateFault), and while it is rendered (RenderFault). */

/**
 * A text that is no template. The message is for its author and begins with the place; text of the template is never
 * quoted, save the names of helpers and partials.
 */
export class TemplateFault extends Error {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;

  constructor(reason: string, place: { readonly line: number; readonly column: number }) {
    super(`Line ${place.line}, column ${place.column + 1}: ${reason}`);
    this.name = 'TemplateFault';
    this.line = place.line;
    this.column = place.column + 1;
  }
}

/** Rendering took more than it may: hostile, or a mistake with loops and partials. */
export class RenderFault extends Error {
  readonly reason: 'steps' | 'size';

  constructor(reason: 'steps' | 'size') {
    super(reason === 'steps' ? 'The template takes too many steps to render' : 'The rendered text is too long');
    this.name = 'RenderFault';
    this.reason = reason;
  }
}

/** A name of the template as a message may show it: what does not look like a name is not shown. */
export function shown(name: string): string {
  return /^[A-Za-z][\w-]{0,39}$/.test(name) ? `"${name}"` : 'this name';
}
