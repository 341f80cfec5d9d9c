/** News of campaigns, for those who keep some in memory: in-app messages, campaigns that wait for events. */
import { notify, type Transaction } from '../../database/index.ts';

/** The payload is the number of the project. */
export const campaignsTopic = 'campaigns';

/** Part of every transaction that changes what a campaign is. */
export async function announceCampaigns(tx: Transaction, projectNumber: number): Promise<void> {
  await notify(tx, campaignsTopic, String(projectNumber));
}
