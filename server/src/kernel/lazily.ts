/** A client of an SDK that takes a while to load: opened at its first use, again where that failed, closed when it was opened. */

export interface Lazy<Thing> {
  use(): Promise<Thing>;
  close(end: (thing: Thing) => void): Promise<void>;
}

export function lazily<Thing>(open: () => Promise<Thing>): Lazy<Thing> {
  let opened: Promise<Thing> | undefined;
  return {
    use() {
      opened ??= open().catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return opened;
    },
    async close(end) {
      // One that does not open has nothing to end.
      const thing = await opened?.catch(() => undefined);
      if (thing !== undefined) end(thing);
    },
  };
}
