import { FRAME_OVERHEAD } from '../../format/constants.js'
import { beginsWithMagic } from '../../format/is-aggregated.js'
import type { Io } from '../command.js'
import { damageOf } from '../damage.js'
import { counted, preview, textOf } from '../text.js'
import { hexBeginning } from './hex.js'

/** A record that is no aggregate. */
export function* plainReport(bytes: Buffer, { paint, width }: Io): Generator<string> {
  const ROWS = 8
  yield `plain record, ${counted(bytes.length, 'byte')}: ${reasonFor(bytes)}`
  const damage = damageOf(bytes)
  if (damage !== undefined) yield paint('red', damage)
  if (bytes.length === 0) return
  if (textOf(bytes) !== undefined) yield `text: ${preview(bytes, Math.max(20, Math.min(width, 1000) - 6))}`
  yield* ['', ...hexBeginning(bytes, ROWS, width, paint)]
}

function reasonFor(bytes: Buffer): string {
  return beginsWithMagic(bytes) ? `the magic, but no more than ${FRAME_OVERHEAD} bytes` : 'it does not begin with the magic'
}
