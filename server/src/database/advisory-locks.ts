/** Every advisory lock of the program in one place, so that no two purposes share a number. */

/** Keys of `pg_advisory_lock(bigint)`: a fixed random base and one number a purpose. */
const base = 7_304_117_552_000;

export const advisoryLocks = {
  /** Held while migrating. */
  migration: base + 1,
  /** Held while the first account is made. */
  firstStart: base + 2,
  /** Shared by commands that use an embedded server which another process started. */
  embeddedGuests: base + 4,
  /** Held while what a restore lost of the erasure ledger is done again. */
  ledger: base + 5,
  /** Held while days of events become a month. */
  eventMerge: base + 6,
} as const;
