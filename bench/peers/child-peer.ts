// A peer in another language, whose process stays for the run: so it is warm.
import { join } from 'node:path'
import { type Toolchain, build } from '../../fixtures/toolchain.js'
import type { Corpus, Input } from '../corpus.js'
import { LineProcess } from '../line-process.js'
import { proveReading } from '../ways/reading.js'
import type { PrepareTimed, TimedWay } from '../ways/way.js'
import { proveWriting } from '../ways/writing.js'
import { outcomeFile, readOutcome, saveCorpus } from './corpus-file.js'
import { withoutExplicitHashKey } from './message-peer.js'

/** The JVM's compiler takes the longest; what it made for one corpus serves the next. */
const WARM_UP_MS = { first: 5_000, later: 500 }

const SOURCES = { from: import.meta.dirname, to: join(import.meta.dirname, '..', '.peers') }

export class ChildPeer {
  readonly #toolchain: Toolchain
  readonly #command: (out: string) => readonly string[]
  readonly #writes: (group: readonly Input[]) => readonly Input[]
  #process: LineProcess | undefined
  #loaded: Corpus | undefined
  readonly #warm = new Set<string>()

  /** @param writes what it makes of the user records of an aggregate, where not the same. */
  constructor(toolchain: Toolchain, command: (out: string) => readonly string[], writes = (group: readonly Input[]): readonly Input[] => group) {
    this.#toolchain = toolchain
    this.#command = command
    this.#writes = writes
  }

  readonly read: PrepareTimed = (corpus) =>
    this.#way('read', corpus, (parts) => {
      const records = parts.flatMap((key, n) => (n % 2 === 0 ? [{ partitionKey: key.toString(), data: parts[n + 1]! }] : []))
      proveReading(corpus.inputs.map(withoutExplicitHashKey), records)
    })

  readonly write: PrepareTimed = (corpus) => this.#way('write', corpus, (parts) => proveWriting(corpus.groups.flatMap(this.#writes), parts))

  #way(what: string, corpus: Corpus, check: (outcome: Buffer[]) => void): TimedWay {
    const warmUp = this.#warm.has(what) ? WARM_UP_MS.later : WARM_UP_MS.first
    this.#warm.add(what)
    return {
      warmUp,
      prove: async () => {
        const process = (this.#process ??= new LineProcess(this.#command(build(this.#toolchain, SOURCES)), 'ignore'))
        if (this.#loaded !== corpus) await process.ask(`load ${saveCorpus(corpus)}`)
        this.#loaded = corpus
        const file = outcomeFile(corpus.name)
        const touched = await process.ask(`prove ${what} ${file}`)
        check(readOutcome(file))
        return Number(touched)
      },
      time: (passes) => this.#process!.time(`time ${what} ${passes}`),
    }
  }
}
