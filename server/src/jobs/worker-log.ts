/** What graphile-worker logs, into our log, without payloads: its messages name jobs by number and task. */
import { Logger as WorkerLogger } from 'graphile-worker';
import type { Logger } from '../kernel/logger.ts';

/** Our own lines tell of each job; graphile-worker's are kept when something is wrong with the queue itself. */
export function workerLog(logger: Logger): WorkerLogger {
  return new WorkerLogger((scope) => (level, message, meta) => {
    if (level !== 'error' && level !== 'warning') return;
    // A failed job is reported by us, with less detail: this message quotes the error.
    if (meta?.['failure'] === true) return;
    logger[level === 'error' ? 'error' : 'warn'](
      { worker: scope.label, task: scope.taskIdentifier },
      firstLine(message),
    );
  });
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? '';
}
