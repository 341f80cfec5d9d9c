/** Through whom a run's messages leave, by channel type: looked up once a page, which is a look into memory. */
import type { ChannelType, OpenProvider, Providers } from '../../channels/index.ts';
import type { Reach } from './judge.ts';
import { hasContentFor, type OpenRun, type OpenTreatment } from './open-run.ts';

export class Routes {
  readonly #open: OpenRun;
  readonly #providers: Providers;
  readonly #found = new Map<string, OpenProvider | undefined>();
  readonly #reaches = new Map<string, Reach>();
  readonly #finders = new Map<string, () => Promise<OpenProvider | undefined>>();

  constructor(open: OpenRun, providers: Providers) {
    this.#open = open;
    this.#providers = providers;
  }

  /** Before `reach` is asked about these channel types. */
  async load(channelTypes: Iterable<string | null>): Promise<void> {
    for (const channelType of new Set(channelTypes)) {
      if (channelType === null || this.#found.has(channelType)) continue;
      this.#found.set(channelType, await this.#providers.driverFor(this.#project, channelType as ChannelType));
    }
  }

  reach(treatmentId: string, channelType: ChannelType): Reach {
    const key = `${treatmentId} ${channelType}`;
    const known = this.#reaches.get(key);
    if (known !== undefined) return known;
    const treatment = this.#open.treatments.get(treatmentId);
    const reach = treatment === undefined ? 'ENDPOINT_CHANNEL_MISMATCH' : this.#reachOf(treatment, channelType);
    this.#reaches.set(key, reach);
    return reach;
  }

  /** After `load`. */
  providerOf(channelType: ChannelType): OpenProvider | undefined {
    return this.#found.get(channelType);
  }

  /** For the moment of an attempt: the same function for all messages that leave the same way. */
  finder({ id, custom }: OpenTreatment, channelType: ChannelType): () => Promise<OpenProvider | undefined> {
    const key = `${id} ${channelType}`;
    const known = this.#finders.get(key);
    if (known !== undefined) return known;
    const finder = () =>
      custom?.endpointTypes.has(channelType) === true
        ? this.#providers.customDriverFor(this.#project, custom.deliveryUri)
        : this.#providers.driverFor(this.#project, channelType);
    this.#finders.set(key, finder);
    return finder;
  }

  get #project() {
    const { projectNumber: number, accountId, region } = this.#open.run;
    return { number, accountId, region };
  }

  /** A channel that is switched off, or was never set up, holds campaigns back (dossier/messaging §8.2). */
  #reachOf({ custom, sources }: OpenTreatment, channelType: ChannelType): Reach {
    if (custom?.endpointTypes.has(channelType) === true) return 'CUSTOM';
    if (!hasContentFor(sources, channelType)) return 'ENDPOINT_CHANNEL_MISMATCH';
    return this.#found.get(channelType)?.channel?.enabled === true ? 'MESSAGE' : 'UNSUPPORTED_CHANNEL';
  }
}
