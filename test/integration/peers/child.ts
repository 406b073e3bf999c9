// A program of another language that stays, and answers one message with one.
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { type Toolchain, build, versionOf } from '../../../fixtures/toolchain.js'
import { joined, split } from '../../../fixtures/parts.js'

const SOURCES = { from: import.meta.dirname, to: join(import.meta.dirname, '..', '.peers') }

/** Why a toolchain cannot be used here, in a sentence; `undefined` where it can. */
export function whyNot(toolchain: Toolchain): string | undefined {
  try {
    build(toolchain, SOURCES)
    return undefined
  } catch (error) {
    return `${(error as Error).message} (${versionOf(toolchain)})`
  }
}

export class Child {
  readonly #process: ChildProcess
  readonly #replies: AsyncGenerator<Buffer, undefined>

  /** @param command of the folder that its language was built into. */
  constructor(toolchain: Toolchain, command: (out: string) => readonly string[]) {
    const [program, ...args] = command(build(toolchain, SOURCES))
    this.#process = spawn(program!, args, { stdio: ['pipe', 'pipe', process.env.PEERS_STDERR === undefined ? 'ignore' : 'inherit'] })
    // That it is not there, or no more, shows where it does not answer.
    this.#process.on('error', () => {})
    this.#process.stdin!.on('error', () => {})
    this.#replies = messages(this.#process.stdout!)
  }

  /** One question after another. */
  async ask(command: string, ...parts: readonly Uint8Array[]): Promise<Buffer[]> {
    const message = joined([Buffer.from(command), ...parts])
    this.#process.stdin!.write(joined([message]))
    const { value } = await this.#replies.next()
    if (value === undefined) throw new Error(`its process ended when asked to ${command}`)
    const [verdict, ...answer] = split(value)
    if (String(verdict) !== 'ok') throw new Error(String(answer[0]))
    return answer
  }

  stop(): void {
    this.#process.stdin!.end()
  }
}

async function* messages(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, undefined> {
  let chunks: Buffer[] = []
  let held = 0
  for await (const chunk of source) {
    chunks.push(chunk)
    held += chunk.length
    // What is held is put together once for each message, not for each chunk.
    while (held >= 4) {
      if (chunks[0]!.length < 4) chunks = [Buffer.concat(chunks)]
      const end = 4 + chunks[0]!.readUInt32BE(0)
      if (held < end) break
      const all = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
      yield all.subarray(4, end)
      held -= end
      chunks = held === 0 ? [] : [all.subarray(end)]
    }
  }
  return undefined
}
