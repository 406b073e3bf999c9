/** Standard output: gathers small pieces, waits for a slow reader, and fails where there is none any more. */
export class Output {
  readonly #stream: NodeJS.WritableStream
  #held: Buffer[] = []
  /** Bytes that are held, or handed to the stream and not yet taken; `Infinity` after an error, so that the next write is told of it. */
  #waiting = 0
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
    this.#waiting += bytes.length
    if (this.#waiting >= ENOUGH) return this.flush()
    // What trickles in is seen at once.
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
    if (this.#held.length > 0) {
      const bytes = Buffer.concat(this.#held)
      this.#held = []
      this.#written = this.#written.then(() => this.#hand(bytes))
    }
    return this.#written
  }

  #hand(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(bytes, (error) => {
        this.#waiting = error ? Infinity : this.#waiting - bytes.length
        if (error) reject(error)
        else resolve()
      })
    })
  }
}
