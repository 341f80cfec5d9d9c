/** A few tasks of many under way at a time. */

/**
 * @param atOnce how many tasks are under way at most
 * @throws what the first task that failed threw, when all that had been begun are over; no other is begun then
 */
export async function sideBySide<Item>(
  items: Iterable<Item>,
  atOnce: number,
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const faults: unknown[] = [];
  const waiting = items[Symbol.iterator]();
  const work = async () => {
    for (let next = waiting.next(); faults.length === 0 && !next.done; next = waiting.next()) {
      await task(next.value).catch((error: unknown) => faults.push(error));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (faults.length > 0) throw faults[0];
}
