import { counted, grouped } from '../text.js'
import type { Anatomy } from './anatomy.js'
import type { Field } from './fields.js'

/** What one record is billed as with provisioned capacity: units of 25 KiB, begun ones counted whole. */
const PAYLOAD_UNIT = 25_600

/** What the user records of a whole aggregate would take if each were put by itself, and what they take so. */
export function accountOf({ bytes, members, partitionKeys }: Anatomy, outerKey: string): string[] {
  const sizes = members.map(({ keyIndex, data }) => lengthOf(partitionKeys[keyIndex!]!.field) + lengthOf(data!))
  const singly = sizes.reduce((sum, size) => sum + size, 0)
  const units = sizes.reduce((sum, size) => sum + unitsOf(size), 0)
  const size = bytes.length + Buffer.byteLength(outerKey)
  const difference = singly - size
  const share = singly === 0 ? '' : ` (${Math.round((Math.abs(difference) / singly) * 100)} %)`
  return [
    `put singly: ${counted(members.length, 'Kinesis record')}, ${counted(singly, 'byte')}, ${counted(units, 'payload unit')}`,
    `as it is:   1 Kinesis record, ${counted(size, 'byte')}, ${counted(unitsOf(size), 'payload unit')}`,
    difference >= 0 ? `saved:      ${counted(difference, 'byte')}${share}` : `spent:      ${grouped(-difference)} bytes more${share}`,
  ]
}

function lengthOf({ start, end }: Field): number {
  return end - start
}

function unitsOf(size: number): number {
  return Math.max(1, Math.ceil(size / PAYLOAD_UNIT))
}
