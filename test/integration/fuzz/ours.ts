// What kpl-codec gives, in the forms that the others give theirs in.
import { type UserRecord, KplError, deaggregate, decodeAggregate } from 'kpl-codec'
import type { HashKeys } from '../../../fixtures/reading-rules.js'
import { joined } from '../../../fixtures/parts.js'
import { readingOf } from '../peers/reading.js'

const NONE = Buffer.alloc(0)

/** With the options that come nearest to the KCL: one pass over all, and a reading of each. */
export function deaggregated(inputs: readonly Buffer[], hashKeyRange: HashKeys): Buffer[] {
  const records = inputs.map((data) => ({ data, partitionKey: 'outer', sequenceNumber: '1' }))
  const readings: Buffer[] = []
  let given: UserRecord[] = []
  try {
    for (const record of deaggregate(records, { malformed: 'passthrough', hashKeyRange })) {
      while (records[readings.length] !== record.source) readings.push(readingOf(given.splice(0)))
      given.push(record)
    }
    while (readings.length < inputs.length) readings.push(readingOf(given.splice(0)))
    return readings
  } catch (error) {
    // No input may do that: which one did shows where each is read by itself.
    return inputs.length === 1 ? [joined([Buffer.from(String(error))])] : inputs.flatMap((data) => deaggregated([data], hashKeyRange))
  }
}

const readings = new WeakMap<Buffer, Buffer>()

/** As Parsed.java has it, save that keys are texts; for what is no whole aggregate, the code of the error. Kept, for several ask. */
export function decoded(data: Buffer): Buffer {
  const known = readings.get(data)
  if (known !== undefined) return known
  const reading = decodedAnew(data)
  readings.set(data, reading)
  return reading
}

function decodedAnew(data: Buffer): Buffer {
  try {
    const parts = decodeAggregate(data).records.flatMap(({ partitionKey, explicitHashKey, data, tags = [] }) => [
      Buffer.from(partitionKey),
      marked(explicitHashKey),
      data,
      joined(tags.flatMap(({ key, value }) => [Buffer.from(key), marked(value)])),
    ])
    return joined([Buffer.from('ok'), ...parts])
  } catch (error) {
    if (!(error instanceof KplError)) return joined([Buffer.from(String(error))])
    const verdict = error.code !== 'ERR_KPL_MALFORMED' ? error.code : error.message.includes(' is outside its table of ') ? 'outside' : 'no message'
    return joined([Buffer.from(verdict)])
  }
}

function marked(text: string | undefined): Buffer {
  return text === undefined ? NONE : Buffer.from(`+${text}`)
}
