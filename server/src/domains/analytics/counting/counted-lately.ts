/**
 * Endpoints that this process has seen counted, for events that tell nothing new of them: most do, and looking up their
 * marks takes longer than storing them. Only what was committed is in it, and only of an endpoint as it was then. Marks
 * go with their endpoint or with its user (`locations.ts`): whoever comes back later is of another generation, and an
 * endpoint that left its user meanwhile shows another time of its last change.
 */
import { RecentlyUsed } from '../../../kernel/recently-used.ts';

/** As much of an endpoint as its events tell. */
export interface EndpointContext {
  /** The document in the event, with the request that changed it last. */
  readonly text: string | undefined;
  readonly channelType: string;
  readonly country: string | undefined;
  readonly zone: string;
  readonly userId: string | undefined;
}

export interface CountedEndpoint {
  readonly generation: number;
  readonly context: EndpointContext;
  /** On which it is marked, and its user. */
  readonly day: number;
  /** Of events: it carries a label of each. */
  readonly types: ReadonlySet<string>;
}

/** Of documents: 20,000 endpoints, about. */
const mostCharacters = 16 * 1024 ** 2;
const mostTypes = 50;

export class CountedLately {
  readonly #endpoints = new RecentlyUsed<CountedEndpoint>(
    mostCharacters,
    ({ context, types }) => (context.text?.length ?? 0) + 40 * types.size + 200,
  );

  get(key: string): CountedEndpoint | undefined {
    return this.#endpoints.get(key);
  }

  /** After the commit of the events that told it. */
  keep(news: ReadonlyMap<string, CountedEndpoint>): void {
    for (const [key, counted] of news) {
      const before = this.#endpoints.get(key);
      const types = before !== undefined && isOfSame(before, counted) ? before.types : none;
      if (types.size + counted.types.size > mostTypes) this.#endpoints.set(key, counted);
      else this.#endpoints.set(key, { ...counted, types: new Set([...types, ...counted.types]) });
    }
  }
}

const none: ReadonlySet<string> = new Set();

/** Whether both are one life of an endpoint, unchanged, on one day. */
export function isOfSame(one: CountedEndpoint, other: CountedEndpoint): boolean {
  return one.generation === other.generation && one.day === other.day && one.context.text === other.context.text;
}
