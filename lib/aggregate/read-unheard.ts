import type { Readable } from 'node:stream'

/** Takes out what a stream holds. Its 'data' listeners, a piped destination among them, are not told: they would have it twice. */
export function readUnheard<T>(stream: Readable): T[] {
  // One by one: after removeAllListeners Node still takes it that someone listens, and keeps nothing.
  const listeners = stream.rawListeners('data') as ((chunk: T) => void)[]
  for (const listener of listeners) stream.off('data', listener)
  const chunks: T[] = []
  for (let chunk = stream.read() as T | null; chunk !== null; chunk = stream.read()) chunks.push(chunk)
  for (const listener of listeners) stream.on('data', listener)
  return chunks
}
