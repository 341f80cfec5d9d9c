/** A funnel as the builder holds it, and as the API takes it (dossier/events-journeys-console §4.5). Pure. */
import type { Funnel, WriteFunnelRequest } from '../../../../../server/src/contract/repoint-types.ts';
import { emptyFilter, type FilterForm, faultOfFilter, fromFilter, newKey, toFilter } from '../filters/filter-form.ts';

export interface StepForm {
  readonly key: string;
  /** Empty: that of its event. */
  readonly name: string;
  readonly filter: FilterForm;
}

export type WindowUnit = 'minutes' | 'hours' | 'days';

export interface FunnelForm {
  readonly name: string;
  readonly steps: readonly StepForm[];
  /** Empty: as long as the report. */
  readonly window: string;
  readonly windowUnit: WindowUnit;
  readonly countBy: 'ENDPOINT' | 'USER';
  readonly breakdownBy: string;
  /** Of the events of all steps; its type is not looked at. */
  readonly filter: FilterForm;
}

export const fewestSteps = 2;
export const mostSteps = 10;
const longestName = 100;

export const secondsOf: Readonly<Record<WindowUnit, number>> = { minutes: 60, hours: 3600, days: 24 * 3600 };

export function emptyStep(): StepForm {
  return { key: newKey(), name: '', filter: emptyFilter };
}

export function emptyFunnel(): FunnelForm {
  return {
    ...{ name: '', steps: [emptyStep(), emptyStep()], window: '', windowUnit: 'days', countBy: 'ENDPOINT' },
    ...{ breakdownBy: '', filter: emptyFilter },
  };
}

export function duplicateStep(steps: readonly StepForm[], index: number): readonly StepForm[] {
  const step = steps[index];
  return step === undefined ? steps : steps.toSpliced(index + 1, 0, { ...step, key: newKey() });
}

/** @param by -1 for one place up, 1 for one down */
export function moveStep(steps: readonly StepForm[], index: number, by: -1 | 1): readonly StepForm[] {
  const [step, other] = [steps[index], steps[index + by]];
  return step === undefined || other === undefined ? steps : steps.with(index, other).with(index + by, step);
}

export function nameOfStep({ name, filter }: StepForm): string {
  return (name.trim() === '' ? filter.eventType : name.trim()).slice(0, longestName);
}

/** What keeps it from being computed; undefined when nothing does. */
export function faultOfSteps({ steps, window, filter }: FunnelForm): string | undefined {
  if (steps.length < fewestSteps || steps.length > mostSteps)
    return `A funnel has ${fewestSteps} to ${mostSteps} steps.`;
  for (const [index, step] of steps.entries()) {
    if (nameOfStep(step) === '') return `Choose an event for step ${index + 1}, or name it.`;
    const fault = faultOfFilter(step.filter);
    if (fault !== undefined) return `Step ${index + 1}: ${fault}`;
  }
  const seconds = Number(window);
  if (window.trim() !== '' && !(seconds > 0 && Number.isFinite(seconds))) return 'The time to get through is a number.';
  return faultOfFilter(filter);
}

export function faultOf(form: FunnelForm): string | undefined {
  const name = form.name.trim();
  if (name === '') return 'Name the funnel.';
  return name.length > longestName ? `The name has at most ${longestName} characters.` : faultOfSteps(form);
}

export function toRequest(form: FunnelForm): WriteFunnelRequest {
  const { name, steps, window, windowUnit, countBy, breakdownBy, filter } = form;
  const Filter = toFilter({ ...filter, eventType: '' });
  return {
    // One that is only tried has none yet.
    Name: name.trim() === '' ? 'Funnel' : name.trim(),
    Steps: steps.map((step) => ({ Name: nameOfStep(step), Filter: toFilter(step.filter) })),
    CountBy: countBy,
    ...(window.trim() !== '' && { WindowSeconds: Math.max(1, Math.round(Number(window) * secondsOf[windowUnit])) }),
    ...(breakdownBy !== '' && { BreakdownBy: breakdownBy }),
    ...(Object.keys(Filter).length > 0 && { Filter }),
  };
}

export function fromFunnel(funnel: Funnel): FunnelForm {
  const { Name, Steps, WindowSeconds, CountBy = 'ENDPOINT', BreakdownBy = '', Filter = {} } = funnel;
  return {
    ...{ name: Name, countBy: CountBy, breakdownBy: BreakdownBy, filter: fromFilter(Filter) },
    steps: Steps.map((step) => ({
      key: newKey(),
      name: step.Name === step.Filter.EventType ? '' : step.Name,
      filter: fromFilter(step.Filter),
    })),
    ...windowOf(WindowSeconds),
  };
}

/** In the largest unit that it is a whole number of. */
export function windowOf(seconds: number | undefined): Pick<FunnelForm, 'window' | 'windowUnit'> {
  if (seconds === undefined) return { window: '', windowUnit: 'days' };
  const fitting = (['days', 'hours'] as const).find((unit) => seconds % secondsOf[unit] === 0);
  const windowUnit = fitting ?? 'minutes';
  return { window: String(seconds / secondsOf[windowUnit]), windowUnit };
}
