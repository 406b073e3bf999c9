// Source and sink at their cheapest, so that what is timed is the stream between them.
import { Readable, type Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Without the promise for each item that `Readable.from` takes. */
export function sourceOf<T>(items: Iterable<T>): Readable {
  const iterator = items[Symbol.iterator]()
  return new Readable({
    objectMode: true,
    read() {
      for (let step = iterator.next(); ; step = iterator.next()) {
        if (!this.push(step.done === true ? null : step.value) || step.done === true) return
      }
    },
  })
}

export function sinkTo<T>(take: (item: T) => void): Writable {
  return new Writable({
    objectMode: true,
    write(item: T, _encoding, done) {
      take(item)
      done()
    },
  })
}

export async function pump<T>(items: Iterable<unknown>, transform: Transform, take: (item: T) => void): Promise<void> {
  await pipeline(sourceOf(items), transform, sinkTo(take))
}
