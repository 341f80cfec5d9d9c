/** A few tasks of many under way at a time. */

/**
 * @param atOnce how many tasks are under way at most
 * @throws what the first task that failed threw, when all that had been begun are over; no other is begun then
 */
export async function sideBySide<Item>(
  items: Iterable<Item> | AsyncGenerator<Item>,
  atOnce: number,
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const faults: unknown[] = [];
  const waiting = Symbol.asyncIterator in items ? items : items[Symbol.iterator]();
  const work = async () => {
    try {
      for (let next = await waiting.next(); faults.length === 0 && !next.done; next = await waiting.next()) {
        await task(next.value);
      }
    } catch (error) {
      faults.push(error);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await waiting.return?.(undefined);
  if (faults.length > 0) throw faults[0];
}
