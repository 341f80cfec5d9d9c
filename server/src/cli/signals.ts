/** SIGTERM and SIGINT mean: finish what was begun, then end. A second one means: now. */

/** Resolves at the first signal. */
export function untilSignal(): Promise<NodeJS.Signals> {
  return new Promise((settle) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        process.once(signal, () => process.exit(1));
        settle(signal);
      });
    }
  });
}
