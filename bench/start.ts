/** From the command to `/readyz`, and what an idle server holds in memory. */
import { startRepoint, temporaryDataDirectory } from './processes.ts';
import type { Row } from './table.ts';

const idleMilliseconds = 5_000;

export async function benchStart(): Promise<Row[]> {
  const data = temporaryDataDirectory();
  try {
    const first = await startRepoint(data.path);
    await first.stop();
    const second = await startRepoint(data.path);
    await new Promise((resume) => setTimeout(resume, idleMilliseconds));
    const memory = second.memoryMegabytes();
    await second.stop();
    return [
      { workload: 'start to /readyz, first time', figure: seconds(first.readyAfterMilliseconds), aim: '-' },
      {
        workload: 'start to /readyz, existing data directory',
        figure: seconds(second.readyAfterMilliseconds),
        memory: `${memory.toFixed(0)} MB idle`,
        aim: '< 3 s, < 200 MB',
      },
    ];
  } finally {
    data.remove();
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
