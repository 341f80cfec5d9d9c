/** One rendering under way: what has been written, what it may still spend, what it found wanting. */
import { RenderFault } from './faults.ts';
import { scalarText } from './values.ts';
import type { Variables } from './variables.ts';

export interface Limits {
  readonly now: Date;
  readonly steps: number;
  /** Characters. */
  readonly size: number;
}

const mostWarnings = 20;
const charactersPerStep = 64;

export class Run {
  readonly variables: Variables;
  readonly now: Date;
  readonly size: number;
  /** Values of loops and `with`, at places given out when the template was read. */
  readonly slots: unknown[];
  out = '';
  /** Line of the helper that is at work. */
  line = 0;
  missing: string[] | undefined;
  warnings: string[] | undefined;
  #steps: number;

  constructor(variables: Variables, limits: Limits, slots: number) {
    this.variables = variables;
    this.now = limits.now;
    this.size = limits.size;
    this.#steps = limits.steps;
    this.slots = slots === 0 ? noSlots : new Array(slots);
  }

  /** @throws RenderFault */
  spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) throw new RenderFault('steps');
  }

  /** What it costs to look at values: long texts and lists count, so that no single step takes long. */
  costOf(values: readonly unknown[]): number {
    let steps = 0;
    for (const value of values) {
      if (typeof value === 'string') steps += Math.floor(value.length / charactersPerStep);
      else if (Array.isArray(value)) steps += value.length;
    }
    return steps;
  }

  /** @throws RenderFault before a text of that length is made */
  allow(length: number): void {
    if (length > this.size - this.out.length) throw new RenderFault('size');
  }

  /** @throws RenderFault when a text that a helper made is longer than everything may become */
  allowText(text: string): void {
    if (text.length > this.size) throw new RenderFault('size');
  }

  checkSize(): void {
    if (this.out.length > this.size) throw new RenderFault('size');
  }

  /** As it is printed (dossier/messaging §3.2), within what may be spent. */
  textOf(value: unknown): string {
    if (typeof value === 'string') return value;
    return Array.isArray(value) ? this.joined(value, ',') : scalarText(value);
  }

  joined(list: readonly unknown[], separator: string): string {
    if (list.length === 1) return scalarText(list[0]);
    this.spend(list.length);
    let text = '';
    for (let index = 0; index < list.length; index += 1) {
      const element = scalarText(list[index]);
      text += index === 0 ? element : separator + element;
      this.allow(text.length);
    }
    return text;
  }

  miss(name: string): void {
    this.missing ??= [];
    if (!this.missing.includes(name)) this.missing.push(name);
  }

  /** @param reason names the helper; never a value */
  warn(reason: string): void {
    this.warnings ??= [];
    const warning = `Line ${this.line}: ${reason}`;
    if (this.warnings.length < mostWarnings && !this.warnings.includes(warning)) this.warnings.push(warning);
  }
}

const noSlots: unknown[] = [];
