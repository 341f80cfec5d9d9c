/** Texts that were compiled already: a campaign renders the same few a million times. */
import { type CompiledText, compile } from './compile.ts';
import type { Escaping } from './escape.ts';

export interface CompiledTextsLimits {
  /** For each way of escaping. */
  readonly entries: number;
  readonly bytes: number;
}

/** Keeps what was used last, within both limits. */
export class CompiledTexts {
  readonly #limits: CompiledTextsLimits;
  readonly #kept: Readonly<Record<Escaping, Map<string, CompiledText>>> = {
    html: new Map(),
    json: new Map(),
    none: new Map(),
  };
  readonly #bytes: Record<Escaping, number> = { html: 0, json: 0, none: 0 };

  constructor(limits: CompiledTextsLimits) {
    this.#limits = limits;
  }

  /** @throws TemplateFault, each time: faults are not kept */
  get(text: string, escaping: Escaping): CompiledText {
    const kept = this.#kept[escaping];
    const known = kept.get(text);
    if (known !== undefined) {
      kept.delete(text);
      kept.set(text, known);
      return known;
    }
    const compiled = compile(text, escaping);
    kept.set(text, compiled);
    this.#bytes[escaping] += compiled.bytes;
    this.#shrink(escaping);
    return compiled;
  }

  /** What is kept at the moment, for one way of escaping. */
  size(escaping: Escaping): CompiledTextsLimits {
    return { entries: this.#kept[escaping].size, bytes: this.#bytes[escaping] };
  }

  #shrink(escaping: Escaping): void {
    const kept = this.#kept[escaping];
    for (const [text, { bytes }] of kept) {
      if (kept.size <= this.#limits.entries && this.#bytes[escaping] <= this.#limits.bytes) return;
      kept.delete(text);
      this.#bytes[escaping] -= bytes;
    }
  }
}

const shared = new CompiledTexts({ entries: 2_000, bytes: 32 * 1024 * 1024 });

/**
 * Reads a template. A known text costs a look-up.
 * @param escaping what `{{x}}` inserts is made safe for: HTML, the inside of a JSON string, or nothing. `{{{x}}}` is raw.
 * @throws TemplateFault
 */
export function compileText(text: string, escaping: Escaping): CompiledText {
  return shared.get(text, escaping);
}
