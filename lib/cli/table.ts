import { type Colour, type Paint } from './paint.js'
import { cut, widthOf } from './text.js'

export interface Column {
  readonly title: string
  /** Numbers stand at the right. */
  readonly isRight?: boolean
  /** May be cut where there is too little room, down to this many columns. */
  readonly least?: number
  readonly colour?: Colour
}

const GAP = 2

/** How wide each column is, so that all of them fit: the widest that can be cut are cut first. */
export function widthsOf(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): number[] {
  const widths = columns.map(({ title }, n) => rows.reduce((most, row) => Math.max(most, widthOf(row[n]!)), title.length))
  let over = widths.reduce((sum, width) => sum + width + GAP, -GAP) - width
  while (over > 0) {
    const room = widths.map((width, n) => width - (columns[n]!.least ?? width))
    const widest = room.reduce((best, left, n) => (left > 0 && (best < 0 || widths[n]! > widths[best]!) ? n : best), -1)
    if (widest < 0) break
    widths[widest]!--
    over--
  }
  return widths
}

export function headOf(columns: readonly Column[], widths: readonly number[], paint: Paint): string {
  return paint('dim', padded(columns, widths, columns.map(({ title }) => title)).join(' '.repeat(GAP)).trimEnd())
}

export function rowOf(columns: readonly Column[], widths: readonly number[], row: readonly string[], paint: Paint): string {
  const cells = padded(columns, widths, row).map((cell, n) => (columns[n]!.colour === undefined ? cell : paint(columns[n]!.colour, cell)))
  return cells.join(' '.repeat(GAP)).trimEnd()
}

/** Heading and rows. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width: number, paint: Paint): string[] {
  const widths = widthsOf(columns, rows, width)
  return [headOf(columns, widths, paint), ...rows.map((row) => rowOf(columns, widths, row, paint))]
}

function padded(columns: readonly Column[], widths: readonly number[], row: readonly string[]): string[] {
  return row.map((text, n) => {
    const cell = cut(text, widths[n]!)
    const blanks = ' '.repeat(widths[n]! - widthOf(cell))
    if (columns[n]!.isRight) return blanks + cell
    return n === row.length - 1 ? cell : cell + blanks
  })
}
