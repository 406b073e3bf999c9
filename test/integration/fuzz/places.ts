// Where in a message something is changed, and with what.
import type { Draw } from '../../../fixtures/random.js'
import { NUMBERS } from './odd-values.js'
import { type Field, type Value, TreeWriter, bareField, copyOf, countedField, numberField } from './tree.js'

export interface Mutable {
  readonly fields: Field[]
  readonly draw: Draw
  /** Another message. */
  readonly other: () => Field[]
}

export const PARTITION_KEY = 10
export const EXPLICIT_HASH_KEY = 18
export const RECORD = 26

export function isKey({ tag }: Field): boolean {
  return tag === PARTITION_KEY || tag === EXPLICIT_HASH_KEY
}

export function lists(fields: Field[], found: Field[][] = []): Field[][] {
  found.push(fields)
  for (const { body } of fields) if (Array.isArray(body)) lists(body, found)
  return found
}

/** The message's own fields as often as those of any other in it. */
export function aList({ fields, draw }: Pick<Mutable, 'fields' | 'draw'>): Field[] {
  return draw.oneIn(2) ? fields : draw.pick(lists(fields))
}

export function aField(message: Mutable): Field | undefined {
  return pickOf(message.draw, aList(message))
}

export function aRecord({ fields, draw }: Mutable): Field[] | undefined {
  const record = pickOf(draw, fields.filter(({ tag, body }) => tag === RECORD && Array.isArray(body)))
  return record?.body as Field[] | undefined
}

export function pickOf<T>(draw: Draw, list: readonly T[]): T | undefined {
  return list.length === 0 ? undefined : draw.pick(list)
}

export function insert(draw: Draw, list: Field[], field: Field): void {
  list.splice(draw.below(list.length + 1), 0, field)
}

export function insertCopy(draw: Draw, list: Field[], field: Field | undefined): void {
  if (field !== undefined) insert(draw, list, copyOf([field])[0]!)
}

export function remove(list: Field[], field: Field | undefined): void {
  if (field !== undefined) list.splice(list.indexOf(field), 1)
}

/** Of a field that is seldom a known one. */
export function unknownNumber(draw: Draw): number {
  return draw.oneIn(4) ? draw.between(1, 4) : draw.oneIn(4) ? draw.between(2 ** 28, 2 ** 29 - 1) : draw.between(5, 40)
}

/** A field of any number and wire type, groups down to a depth. */
export function unknown(draw: Draw, depth: number): Field {
  const number = unknownNumber(draw)
  const tag = (type: number): Value => number * 8 + type
  switch (draw.below(depth === 0 ? 4 : 6)) {
    case 0:
      return numberField(tag(0), draw.oneIn(2) ? draw.below(300) : draw.pick(NUMBERS))
    case 1:
      return bareField(tag(1), draw.bytes(8))
    case 2:
      return bareField(tag(5), draw.bytes(4))
    case 3:
      return countedField(tag(2), draw.bytes(draw.below(6)))
    default:
      return bareField(tag(3), Array.from({ length: draw.below(3) }, () => unknown(draw, depth - 1)), tag(4))
  }
}

/** Of a field that a length is before. */
export function bodyLength({ body }: Field): number {
  return Array.isArray(body) ? new TreeWriter().write(body).length : (body as Buffer).length
}
