import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable, pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { KplError } from '../../errors.js'
import { UsageError } from '../arguments.js'
import type { Io } from '../command.js'

/** Something is wrong with a whole input: the message says what. */
class InputError extends Error {}

export type Chunks = AsyncIterable<Buffer>

/** The files to read; standard input where there are none. */
export async function inputsOf(files: readonly string[], { messages, progress, stdin }: Io): Promise<readonly string[]> {
  const names = files.length === 0 ? ['-'] : files
  if (names.indexOf('-') !== names.lastIndexOf('-')) throw new UsageError('standard input (-) can be read once only')
  if (files.length === 0 && stdin.isTTY) messages.note(undefined, 'reading standard input, which Ctrl+D ends (--help tells what can be read)')
  const sizes = await Promise.all(names.map((name) => (name === '-' ? undefined : sizeOf(name))))
  if (sizes.every((size) => size !== undefined)) progress.total = sizes.reduce((sum, size) => sum + size, 0)
  return names
}

/** What a file holds; `-` is standard input. */
export async function* chunksOf(name: string, { stdin, progress }: Io): AsyncGenerator<Buffer> {
  // Large pieces hold many records, which are digested side by side.
  const stream = name === '-' ? stdin : createReadStream(name, { highWaterMark: 1_048_576 })
  for await (const chunk of stream) {
    progress.read(chunk.length)
    yield chunk
  }
}

/** The beginning of some chunks, and all of them; `isWhole` where there is nothing behind the beginning. */
export async function peeked(chunks: Chunks, isEnough: (head: Buffer) => boolean): Promise<{ head: Buffer; isWhole: boolean; all: Chunks }> {
  const iterator = chunks[Symbol.asyncIterator]()
  let head: Buffer = Buffer.alloc(0)
  let isWhole = false
  while (!isWhole && !isEnough(head)) {
    const step = await iterator.next()
    if (step.done) isWhole = true
    else head = head.length === 0 ? step.value : Buffer.concat([head, step.value])
  }
  return { head, isWhole, all: joined(head, iterator) }
}

async function* joined(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head
    for (let step = await rest.next(); !step.done; step = await rest.next()) yield step.value
  } finally {
    await rest.return?.()
  }
}

/** What is gzipped, in one member or several. */
export async function* gunzipped(chunks: Chunks): AsyncGenerator<Buffer> {
  // What fails in the pipeline fails in what is read of it.
  yield* pipeline(Readable.from(chunks), createGunzip(), () => {}) as AsyncIterable<Buffer>
}

/** UTF-16, as some shells write what is redirected into a file, as UTF-8. */
export async function* transcoded(chunks: Chunks, encoding: string): AsyncGenerator<Buffer> {
  // What is no UTF-16 would be replaced, in keys too.
  const decoder = new TextDecoder(encoding, { fatal: true })
  const decoded = (chunk?: Buffer): Buffer => {
    try {
      return Buffer.from(decoder.decode(chunk, { stream: chunk !== undefined }))
    } catch {
      throw new InputError('it is not UTF-16, though it begins so')
    }
  }
  for await (const chunk of chunks) yield decoded(chunk)
  yield decoded()
}

/** Everything at once, where there is no other way. */
export async function wholeOf(chunks: Chunks, mostBytes = MOST_HELD): Promise<Buffer> {
  const held: Buffer[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    checkHeld(size, 'it', mostBytes)
    held.push(chunk)
  }
  return Buffer.concat(held)
}

/** What has no lines, or long ones, is held in memory: up to this many bytes. */
export const MOST_HELD = 268_435_456

export function checkHeld(size: number, what: string, most = MOST_HELD): void {
  if (size > most) throw new InputError(`${what} is larger than ${most} bytes; only lines (NDJSON, base64, hexadecimal) can be read without end`)
}

/** Why a file cannot be read; an error of this program itself is thrown on. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (error instanceof InputError) return message
  if (error instanceof KplError || typeof code !== 'string' || !/^[EZ]/.test(code)) throw error
  return { ENOENT: 'there is no such file', EISDIR: 'is a folder', EACCES: 'may not be read', Z_BUF_ERROR: 'the gzip data ends too early' }[code] ?? message
}

/** What `stat` fails of, reading fails of too. */
async function sizeOf(name: string): Promise<number | undefined> {
  try {
    const found = await stat(name)
    return found.isFile() ? found.size : undefined
  } catch {
    return undefined
  }
}
