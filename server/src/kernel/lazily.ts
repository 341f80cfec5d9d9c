/** A client of an SDK that takes a while to load: opened at its first use, closed when it was opened. */

export interface Lazy<Thing> {
  use(): Promise<Thing>;
  close(end: (thing: Thing) => void): Promise<void>;
}

export function lazily<Thing>(open: () => Promise<Thing>): Lazy<Thing> {
  let opened: Promise<Thing> | undefined;
  return {
    use() {
      opened ??= open();
      return opened;
    },
    async close(end) {
      if (opened !== undefined) end(await opened);
    },
  };
}
