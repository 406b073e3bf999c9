/** Standard output: gathers small pieces, waits for a slow reader, and fails where there is none any more. */
export class Output {
  readonly #stream: NodeJS.WritableStream
  #held: Buffer[] = []
  #size = 0
  /** All that was handed to the stream so far. */
  #written: Promise<void> = Promise.resolve()
  #flushing: NodeJS.Immediate | undefined

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream
    // The write itself is told of its error; without a listener the process would die of it.
    stream.on('error', () => {})
  }

  /** What is to be awaited before more is written, if anything. */
  write(piece: string | Buffer): Promise<void> | undefined {
    const ENOUGH = 65_536
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    this.#held.push(bytes)
    this.#size += bytes.length
    if (this.#size >= ENOUGH) return this.flush()
    // What trickles in is seen at once. An error comes again at the next flush.
    this.#flushing ??= setImmediate(() => void this.flush().catch(() => {}))
    return undefined
  }

  lines(lines: Iterable<string>): Promise<void> | undefined {
    return this.write(Array.from(lines, (line) => `${line}\n`).join(''))
  }

  /** Done when all that was written has been taken. */
  flush(): Promise<void> {
    clearImmediate(this.#flushing)
    this.#flushing = undefined
    if (this.#size > 0) {
      const bytes = Buffer.concat(this.#held)
      this.#held = []
      this.#size = 0
      this.#written = this.#written.then(() => written(this.#stream, bytes))
    }
    return this.#written
  }
}

function written(stream: NodeJS.WritableStream, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()))
  })
}
