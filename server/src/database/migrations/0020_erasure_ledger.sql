-- The erasure ledger: what may not come back with a restored backup. The same entries stand in a store outside of the
-- database; see docs/decisions/0028.

-- Written by domains/erasure. An entry is appended in the transaction that accepts an erasure, so a database knows exactly
-- those that it has done: whatever the store has besides is done again. Rows are kept for ever, and survive what they tell of.
create table erasure_ledger (
  id text primary key,
  appended_at timestamptz not null,
  -- As the store has it: keyed hashes, internal numbers, times.
  entry jsonb not null,
  -- Null unless it was done again after a restore.
  replayed_at timestamptz
);

-- Written by domains/erasure. Partitions in which rows of erased people died since they were rewritten the last time: their
-- bytes are still in the files (embedded server only).
create table erasure_touched (
  relation text primary key,
  touched_at timestamptz not null
);
