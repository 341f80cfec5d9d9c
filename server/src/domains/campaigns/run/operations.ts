/** Our own API: a run stops where it stands, and goes on from there. `IsPaused` of Pinpoint is for runs to come only. */
import { conflict, notFound } from '../../../kernel/errors.ts';
import type { Handlers, ProjectCall } from '../../../operations/call.ts';
import { pauseRun, resumeRun } from './create.ts';
import { findRun, type RunKey } from './store.ts';

export const runOperations: Handlers<'PauseCampaignRun' | 'ResumeCampaignRun'> = {
  async PauseCampaignRun({ CampaignId, RunId }, call) {
    return change(call, CampaignId, RunId, {
      make: pauseRun,
      wanted: 'PAUSED',
      refusal: 'Only a run that waits or is under way can be paused',
    });
  },

  async ResumeCampaignRun({ CampaignId, RunId }, call) {
    return change(call, CampaignId, RunId, {
      make: resumeRun,
      wanted: 'RUNNING',
      refusal: 'Only a run that is paused can be resumed',
    });
  },
};

interface Change {
  /** @returns false when the run is in no state for it */
  make(tx: Parameters<typeof pauseRun>[0], key: RunKey): Promise<boolean>;
  /** Of a run that is there already, nothing is changed. */
  readonly wanted: string;
  readonly refusal: string;
}

async function change(call: ProjectCall, CampaignId: string, RunId: string, { make, wanted, refusal }: Change) {
  return call.transaction(async (tx) => {
    const key = { projectNumber: call.project.number, id: RunId };
    const before = await findRun(tx, key);
    if (before?.campaignId !== CampaignId) throw notFound();
    if (before.state !== wanted && !(await make(tx, key))) throw conflict(refusal);
    const { state } = (await findRun(tx, key)) ?? before;
    return { CampaignId, RunId, State: state };
  });
}
