import { type Chunks, checkHeld } from './files.js'

export interface Line {
  /** From 1. */
  readonly number: number
  /** Without its end and a byte order mark; a carriage return is a blank at its end, which readers pass over. */
  readonly bytes: Buffer
}

const LF = 0x0a

/** The lines of some chunks, as many at once as a chunk completes. The last one need not end. */
export async function* linesOf(chunks: Chunks): AsyncGenerator<Line[]> {
  let number = 0
  /** The beginning of a line whose end is to come. */
  let held: Buffer[] = []
  let size = 0
  const take = (bytes: Buffer): Line => {
    const whole = held.length === 0 ? bytes : Buffer.concat([...held, bytes])
    held = []
    size = 0
    number++
    const start = number === 1 && whole.toString('hex', 0, 3) === 'efbbbf' ? 3 : 0
    return { number, bytes: whole.subarray(start) }
  }
  for await (const chunk of chunks) {
    const lines: Line[] = []
    let start = 0
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      lines.push(take(chunk.subarray(start, end)))
      start = end + 1
    }
    if (start < chunk.length) {
      held.push(chunk.subarray(start))
      size += chunk.length - start
      checkHeld(size, `line ${number + 1}`)
    }
    if (lines.length > 0) yield lines
  }
  if (held.length > 0) yield [take(Buffer.alloc(0))]
}
