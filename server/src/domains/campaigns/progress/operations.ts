/** GetCampaignProgress (ours): once as JSON, or as server-sent events until the run has ended. */
import { notFound } from '../../../kernel/errors.ts';
import type { Handlers } from '../../../operations/call.ts';
import { EventStream, eventStreamType } from '../../../operations/event-stream.ts';
import type { ProgressReader } from './progress-reader.ts';

export function progressOperations({
  campaignProgress,
}: {
  readonly campaignProgress: ProgressReader;
}): Handlers<'GetCampaignProgress'> {
  return {
    async GetCampaignProgress({ CampaignId }, { project, accepts }) {
      const key = { projectNumber: project.number, id: CampaignId };
      const progress = await campaignProgress.read(key);
      if (progress === undefined) throw notFound();
      return accepts(eventStreamType) ? new EventStream((signal) => campaignProgress.watch(key, signal)) : progress;
    },
  };
}
