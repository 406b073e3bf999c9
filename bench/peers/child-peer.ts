// A peer in a process of its own, which stays for the run and answers line by line: so it is warm,
// takes its turns, and times itself.
import { type ChildProcess, spawn } from 'node:child_process'
import { type Interface, createInterface } from 'node:readline'
import { join } from 'node:path'
import { type Toolchain, build } from '../../fixtures/toolchain.js'
import type { Corpus, Input } from '../corpus.js'
import { proveReading } from '../ways/reading.js'
import type { Prepare, RemoteWay } from '../ways/way.js'
import { proveWriting } from '../ways/writing.js'
import { outcomeFile, readOutcome, saveCorpus } from './corpus-file.js'
import { withoutExplicitHashKey } from './message-peer.js'

/** The JVM's compiler takes the longest; what it made for one corpus serves the next. */
const WARM_UP_MS = { first: 5_000, later: 500 }

const SOURCES = { from: import.meta.dirname, to: join(import.meta.dirname, '..', '.peers') }

const children = new Set<ChildPeer>()

/** They would keep this process alive. */
export function stopChildren(): void {
  for (const child of children) child.stop()
}

export class ChildPeer {
  readonly #toolchain: Toolchain
  readonly #command: (out: string) => readonly string[]
  readonly #writes: (group: readonly Input[]) => readonly Input[]
  #running: { readonly process: ChildProcess; readonly lines: Interface; readonly answers: AsyncIterator<string> } | undefined
  #loaded: Corpus | undefined
  readonly #warm = new Set<string>()

  /** @param writes what it makes of the user records of an aggregate, where not the same. */
  constructor(toolchain: Toolchain, command: (out: string) => readonly string[], writes = (group: readonly Input[]): readonly Input[] => group) {
    this.#toolchain = toolchain
    this.#command = command
    this.#writes = writes
  }

  readonly read: Prepare = (corpus) =>
    this.#way('read', corpus, (parts) => {
      const records = parts.flatMap((key, n) => (n % 2 === 0 ? [{ partitionKey: key.toString(), data: parts[n + 1]! }] : []))
      proveReading(corpus.inputs.map(withoutExplicitHashKey), records)
    })

  readonly write: Prepare = (corpus) => this.#way('write', corpus, (parts) => proveWriting(corpus.groups.flatMap(this.#writes), parts))

  stop(): void {
    this.#running?.lines.close()
    this.#running?.process.stdin!.end()
    this.#running = undefined
    children.delete(this)
  }

  async #way(what: string, corpus: Corpus, check: (outcome: Buffer[]) => void): Promise<RemoteWay> {
    this.#start()
    if (this.#loaded !== corpus) await this.#ask(`load ${saveCorpus(corpus)}`)
    this.#loaded = corpus
    const warmUp = this.#warm.has(what) ? WARM_UP_MS.later : WARM_UP_MS.first
    this.#warm.add(what)
    return {
      warmUp,
      prove: async () => {
        const file = outcomeFile(corpus.name)
        const touched = await this.#ask(`prove ${what} ${file}`)
        check(readOutcome(file))
        return Number(touched)
      },
      time: async (passes) => {
        const [wall, cpu, touched] = (await this.#ask(`time ${what} ${passes}`)).split(' ').map(Number) as [number, number, number]
        return { wall: wall / 1e6, cpu: cpu / 1e6, touched }
      },
    }
  }

  #start(): void {
    if (this.#running) return
    const [command, ...args] = this.#command(build(this.#toolchain, SOURCES))
    const process = spawn(command!, args, { stdio: ['pipe', 'pipe', 'ignore'] })
    // That it is not there, or no more, shows where it does not answer.
    process.on('error', () => {})
    process.stdin.on('error', () => {})
    const lines = createInterface(process.stdout)
    this.#running = { process, lines, answers: lines[Symbol.asyncIterator]() }
    children.add(this)
  }

  async #ask(line: string): Promise<string> {
    const { process, answers } = this.#running!
    process.stdin!.write(`${line}\n`)
    const { value, done } = await answers.next()
    if (done) throw new Error('its process has ended')
    const [, verdict, answer] = /^(ok|error) ?(.*)$/.exec(value) ?? []
    if (verdict !== 'ok') throw new Error(answer ?? `it answers ${value}`)
    return answer!
  }
}
