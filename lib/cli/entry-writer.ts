import type { PutRecordsEntry } from '../aggregate/entry.js'
import { putRecordsBatches } from '../aggregate/put-records-batches.js'
import { LARGEST_REQUEST_COUNT, LARGEST_REQUEST_SIZE } from '../limits.js'
import type { Io } from './command.js'
import { counted, grouped, jsonLine } from './text.js'

/** Writes entries as `aws kinesis put-records --records` takes them. */
export class EntryWriter {
  readonly #format: string
  readonly #io: Io
  #count = 0
  #size = 0
  /** Entries of a request that is not yet full. */
  #waiting: PutRecordsEntry[] = []
  #waitingSize = 0

  constructor(format: string, io: Io) {
    this.#format = format
    this.#io = io
  }

  async add(entry: PutRecordsEntry): Promise<void> {
    const { output } = this.#io
    const isFirst = this.#count++ === 0
    this.#size += entry.size
    if (this.#format === 'json') await output.write(`${isFirst ? '[' : ','}\n  ${jsonLine(printed(entry))}`)
    else if (this.#format === 'ndjson') await output.write(`${jsonLine(printed(entry))}\n`)
    else {
      this.#waitingSize += entry.size
      if (this.#waiting.push(entry) > LARGEST_REQUEST_COUNT || this.#waitingSize > LARGEST_REQUEST_SIZE) await this.#write(false)
    }
  }

  async end(): Promise<void> {
    const { output, messages } = this.#io
    if (this.#format === 'requests') return this.#write(true)
    if (this.#format !== 'json') return
    await output.write(this.#count === 0 ? '[]\n' : '\n]\n')
    if (this.#count > LARGEST_REQUEST_COUNT || this.#size > LARGEST_REQUEST_SIZE) {
      messages.note(undefined, `${grouped(this.#count)} entries of ${counted(this.#size, 'byte')} are more than one PutRecords request takes: see --format requests`)
    }
  }

  /** All full requests, and at the end the last one. */
  async #write(isEnd: boolean): Promise<void> {
    const requests = [...putRecordsBatches(this.#waiting)]
    this.#waiting = isEnd ? [] : requests.pop()!
    this.#waitingSize = this.#waiting.reduce((sum, { size }) => sum + size, 0)
    for (const request of requests) await this.#io.output.write(`${jsonLine(request.map(printed))}\n`)
  }
}

function printed({ Data, PartitionKey, ExplicitHashKey }: PutRecordsEntry): object {
  return { Data: Data.toString('base64'), PartitionKey, ...(ExplicitHashKey !== undefined && { ExplicitHashKey }) }
}
