/** Drivers of projects that are deleted, and of accounts that are closed or opened again. */
import type { Transaction } from '../../../database/index.ts';
import { channelSource, providerSource, tellChanged } from './change.ts';
import { listAccountSources, listSources } from './store.ts';

/** Part of the transaction that hides projects or shows them again: every process closes what it has open for them. */
export async function retireDrivers(tx: Transaction, projectNumbers: readonly number[]): Promise<void> {
  for (const { projectNumber, providerNumber, channelType } of await listSources(tx, projectNumbers)) {
    const source = providerNumber === null ? channelSource(projectNumber, channelType) : providerSource(providerNumber);
    await tellChanged(tx, { scope: { projectNumber }, source });
  }
}

/** The same for what all projects of an account share. */
export async function retireAccountDrivers(tx: Transaction, accountId: string): Promise<void> {
  for (const { region, number } of await listAccountSources(tx, accountId)) {
    await tellChanged(tx, { scope: { accountId, region }, source: providerSource(number) });
  }
}
