import { joined, split } from '../../../../fixtures/parts.js'
import type { Toolchain } from '../../../../fixtures/toolchain.js'
import type { Given } from '../given.js'

/** A writer that others wrote. */
export interface Writer {
  /** With its version. */
  readonly name: string
  /** What it needs here besides Node. */
  readonly toolchain: Toolchain | undefined
  readonly faults: readonly WriterFault[]
  start(): RunningWriter
}

export interface RunningWriter {
  /** Adds the user records one after another, then lets what is left leave. */
  write(records: readonly Given[]): Promise<readonly (Refused | Entry)[]>
  stop(): void
}

/** A user record that it did not take, and why. */
export interface Refused {
  readonly refused: string
}

export interface Entry {
  readonly partitionKey: string
  readonly explicitHashKey: string | undefined
  readonly data: Buffer
}

/** What a writer makes of user records that it should not. */
export interface WriterFault {
  readonly what: string
  /** What in it does so. */
  readonly why: string
  /** The smallest input that shows it. */
  readonly given: readonly Given[]
  /** What is read from what it writes, as `shownWriting` shows it. */
  readonly gives: string
  /** What it makes of user records that share an aggregate, whatever they are. */
  readonly of?: (group: readonly Given[]) => readonly Given[]
  /** Which it refuses, and nothing else comes of it. */
  readonly refuses?: (record: Given) => boolean
  /** Which it is not given with others, for more is lost than them. */
  readonly avoids?: (record: Given) => boolean
}

/** As a part for a program of another language: three for each user record. */
export function partOf(records: readonly Given[]): Buffer {
  return joined(
    records.flatMap(({ partitionKey, explicitHashKey, data }) => {
      return [Buffer.from(partitionKey), Buffer.from(explicitHashKey === undefined ? '' : `+${explicitHashKey}`), data]
    }),
  )
}

/** What came of them: for each a part of parts. */
export function writtenOf(answers: readonly Buffer[]): (Refused | Entry)[] {
  return answers.map((answer) => {
    const [verdict, partitionKey, explicit, data] = split(answer)
    if (String(verdict) !== 'ok') return { refused: String(verdict) }
    const explicitHashKey = explicit!.length === 0 ? undefined : String(explicit!.subarray(1))
    return { partitionKey: String(partitionKey), explicitHashKey, data: data! }
  })
}
