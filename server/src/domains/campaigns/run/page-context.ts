/** What holds for all endpoints that are judged and composed for together, at one moment. */
import { isQuiet } from '../schedule/quiet-time.ts';
import type { JudgeContext } from './judge.ts';
import type { OpenRun } from './open-run.ts';
import type { PageContext } from './page.ts';
import type { RunParts } from './parts.ts';
import { Routes } from './routes.ts';

export interface Moment {
  /** Of the endpoints. */
  readonly channelTypes: readonly (string | null)[];
  readonly zone: JudgeContext['zone'];
  readonly expiresAt: Date | undefined;
}

export async function pageContext(
  { providers, messaging, clock }: Pick<RunParts, 'providers' | 'messaging' | 'clock'>,
  open: OpenRun,
  { channelTypes, zone, expiresAt }: Moment,
): Promise<PageContext> {
  const routes = new Routes(open, providers);
  await routes.load(channelTypes);
  const now = clock.now();
  const { quietTime, limits } = open;
  const judging: JudgeContext = {
    reach: (treatmentId, channelType) => routes.reach(treatmentId, channelType),
    ...(zone !== undefined && { zone }),
    ...(quietTime !== undefined && { isQuiet: (timeZone) => isQuiet(quietTime, timeZone, now) }),
    caps: {
      daily: limits.daily,
      total: limits.total,
      // A campaign's own goes before it.
      dailyOfAll: limits.daily === undefined ? limits.dailyOfAll : undefined,
    },
    isExpired: expiresAt !== undefined && now >= expiresAt,
  };
  const settings = await messaging.settings.find(open.run.projectNumber);
  return { open, run: open.run, settings, links: messaging.links, now, judging, routes };
}
