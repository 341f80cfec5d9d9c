/**
 * Names of events, attributes and metrics that apps send, so that lists offer them. They are noted in the transaction that
 * appends the events, so that the erasure of a person comes before or after. What is beyond the limits stands in no list
 * (dossier/events-journeys-console §1.4).
 */
import { afterCommit, type Transaction } from '../../../database/index.ts';
import { storableText } from '../../../kernel/storable-text.ts';
import type { EventsHandler } from '../../events/index.ts';
import { countedText } from '../counting/tally.ts';
import { insertNames, lockNames, type NameKind, readNames } from './store.ts';

/** Of a project. Standard events have their own, so that no app crowds them out. */
export const mostNames: Readonly<Record<NameKind, number>> = {
  ...{ event: 1_500, 'standard event': 200, attribute: 500, metric: 500 },
};

/** Names of one project that need no look: stored ones, and those of a kind of which there is no room. */
interface Known {
  readonly names: Readonly<Record<NameKind, Set<string>>>;
  readonly until: number;
}

/** A name that was forgotten is noted again after so long. */
const knownMilliseconds = 5 * 60 * 1000;
const mostProjects = 10_000;

/** @param now milliseconds that go on */
export function noteNames(now: () => number = () => performance.now()): EventsHandler {
  const known = new Map<number, Known>();
  return async (tx, events) => {
    const unknown = new Map<number, UnknownNames>();
    for (const { projectNumber, isOfApp, record } of events) {
      if (isOfApp !== true) continue;
      const of = unknown.get(projectNumber) ?? new UnknownNames(stillKnown(known.get(projectNumber), now()));
      unknown.set(projectNumber, of);
      of.look(kindOf(record.event_type), record.event_type);
      for (const name in record.attributes) of.look('attribute', name);
      for (const name in record.metrics) of.look('metric', name);
    }
    // In one order, whoever notes for several.
    for (const projectNumber of [...unknown.keys()].toSorted((one, other) => one - other)) {
      const { found } = unknown.get(projectNumber) as UnknownNames;
      if (found.size === 0) continue;
      const names = await register(tx, projectNumber, found);
      afterCommit(tx, () => {
        if (known.size >= mostProjects) known.clear();
        known.set(projectNumber, { names, until: now() + knownMilliseconds });
      });
    }
  };
}

function stillKnown(known: Known | undefined, now: number): Known['names'] | undefined {
  return known !== undefined && known.until > now ? known.names : undefined;
}

export function kindOf(eventType: string): NameKind {
  return eventType.startsWith('_') ? 'standard event' : 'event';
}

/** Those of a batch. */
class UnknownNames {
  readonly #known: Known['names'] | undefined;
  readonly found = new Map<NameKind, Set<string>>();

  constructor(known: Known['names'] | undefined) {
    this.#known = known;
  }

  look(kind: NameKind, name: string): void {
    const known = this.#known?.[kind];
    if (known !== undefined && (known.has(name) || known.size >= mostNames[kind])) return;
    const found = this.found.get(kind) ?? new Set();
    this.found.set(kind, found.add(name));
  }
}

/** @returns all that are stored now */
async function register(
  tx: Transaction,
  projectNumber: number,
  found: ReadonlyMap<NameKind, ReadonlySet<string>>,
): Promise<Known['names']> {
  const stored = byKind(await readNames(tx, projectNumber));
  if (newOnes(found, stored).length === 0) return stored;
  await lockNames(tx, projectNumber);
  const all = byKind(await readNames(tx, projectNumber));
  const added = newOnes(found, all);
  await insertNames(tx, projectNumber, added);
  for (const { kind, name } of added) all[kind].add(name);
  return all;
}

function byKind(names: readonly { readonly kind: NameKind; readonly name: string }[]): Known['names'] {
  const sets = { event: new Set<string>(), 'standard event': new Set<string>() };
  const all = { ...sets, attribute: new Set<string>(), metric: new Set<string>() };
  for (const { kind, name } of names) all[kind].add(name);
  return all;
}

/** Those that are not stored and for which there is room, as they are stored. */
function newOnes(found: ReadonlyMap<NameKind, ReadonlySet<string>>, stored: Known['names']) {
  return [...found].flatMap(([kind, names]) => {
    const texts = new Set([...names].map((name) => (kind.endsWith('event') ? countedText(name) : storableText(name))));
    return [...texts]
      .filter((name) => !stored[kind].has(name))
      .slice(0, Math.max(mostNames[kind] - stored[kind].size, 0))
      .map((name) => ({ kind, name }));
  });
}
