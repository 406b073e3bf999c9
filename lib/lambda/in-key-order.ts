/** What has been read and waits for the record of its key before it: enough to get past many aggregates of one key each. */
const MOST_WAITING = 10_000

/**
 * Works on records, some at a time: the next of a partition key is not begun before the one
 * before it has ended, and records are begun in their order otherwise. It reads on only while
 * there is room for another key, and while no more than so many wait for theirs.
 *
 * @param next the next record, or `undefined`: none for now. It must not throw.
 * @param work must not reject.
 * @returns a promise of all having ended.
 */
export function inKeyOrder<T extends { readonly partitionKey: string }>(
  next: () => T | undefined,
  concurrency: number,
  work: (record: T) => Promise<void>,
): Promise<void> {
  /** Of each key that a record is under way of, those that wait for it. */
  const waiting = new Map<string, T[]>()
  let waitingCount = 0
  return new Promise((resolve) => {
    function fill(): void {
      let record: T | undefined
      while (waiting.size < concurrency && waitingCount < MOST_WAITING && (record = next()) !== undefined) {
        const queue = waiting.get(record.partitionKey)
        if (queue === undefined) void workOnKey(record)
        else {
          queue.push(record)
          waitingCount++
        }
      }
      if (waiting.size === 0) resolve()
    }

    async function workOnKey(first: T): Promise<void> {
      const queue: T[] = []
      waiting.set(first.partitionKey, queue)
      await work(first)
      for (let record = queue.shift(); record !== undefined; record = queue.shift()) {
        waitingCount--
        // There is room to read on, but this one came first.
        const end = work(record)
        fill()
        await end
      }
      waiting.delete(first.partitionKey)
      fill()
    }

    fill()
  })
}
