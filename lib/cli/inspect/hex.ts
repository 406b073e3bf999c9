import type { Paint } from '../paint.js'
import { spaced } from '../text.js'

/** Columns of an offset, which is decimal, as it is in errors. */
export const OFFSET = 8

/** Some rows of bytes around one of them, which is pointed at. It may stand right behind the last byte. */
export function hexExcerpt(bytes: Buffer, at: number, width: number, paint: Paint): string[] {
  const perRow = bytesPerRow(width)
  const row = Math.floor(at / perRow) * perRow
  const lines: string[] = []
  for (let start = Math.max(0, row - perRow); start <= row + perRow; start += perRow) {
    if (start < bytes.length) lines.push(hexRow(bytes.subarray(start, start + perRow), start, perRow, paint))
    if (start === row) lines.push(`${' '.repeat(OFFSET + 2 + (at - row) * 3)}${paint('red', `^^ byte ${at}`)}`)
  }
  return lines
}

/** The first bytes. */
export function hexBeginning(bytes: Buffer, rows: number, width: number, paint: Paint): string[] {
  const perRow = bytesPerRow(width)
  const lines: string[] = []
  for (let start = 0; start < bytes.length && lines.length < rows; start += perRow) {
    lines.push(hexRow(bytes.subarray(start, start + perRow), start, perRow, paint))
  }
  return lines
}

function hexRow(bytes: Buffer, offset: number, perRow: number, paint: Paint): string {
  const letters = bytes.toString('latin1').replace(/[^ -~]/g, '.')
  return `${paint('dim', String(offset).padStart(OFFSET))}  ${spaced(bytes).padEnd(perRow * 3 - 1)}  ${paint('dim', letters)}`
}

function bytesPerRow(width: number): number {
  return width >= 80 ? 16 : 8
}
