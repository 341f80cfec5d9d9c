/** How the server is: what other rooms may use. It has no tables of its own. */
export { judgeDatabase, readDatabaseFacts } from './database.ts';
export { judgeDisk, readDiskFacts } from './disk.ts';
export { type Finding, ok, warning, wrong } from './finding.ts';
export { judgeLedger, readLedgerFacts } from './ledger.ts';
export { healthOperations } from './operations.ts';
export { isBehind } from './streams.ts';
