// Ways to make a message odd or wrong. Each takes the tree of a message and changes it in place; where there is nothing
// to change, nothing changes.
import { framed } from '../../../fixtures/odd-messages.js'
import type { Draw } from '../../../fixtures/random.js'
import { HASH_KEYS, KEYS, NUMBERS } from './odd-values.js'
import { type Field, type Value, TreeWriter, bareField, copyOf, countedField, numberField } from './tree.js'

export interface Mutable {
  readonly fields: Field[]
  readonly draw: Draw
  /** Another message. */
  readonly other: () => Field[]
}

const PARTITION_KEY = 10
const EXPLICIT_HASH_KEY = 18
const RECORD = 26
const KEY_INDEX = 8
const EXPLICIT_INDEX = 16
const DATA = 26
const TAGS = 34

export const mutations: Readonly<Record<string, (message: Mutable) => void>> = {
  'a table entry less': ({ fields, draw }) => remove(fields, pickOf(draw, fields.filter(isKey))),
  'a table entry twice': ({ fields, draw }) => insertCopy(draw, fields, pickOf(draw, fields.filter(isKey))),
  'an unused table entry': ({ fields, draw }) => {
    insert(draw, fields, countedField(draw.pick([PARTITION_KEY, EXPLICIT_HASH_KEY]), draw.pick([...KEYS.slice(-11), ...HASH_KEYS])))
  },
  'two fields exchanged': (message) => {
    const { draw } = message
    const list = aList(message)
    if (list.length < 2) return
    const [one, two] = [draw.below(list.length), draw.below(list.length)]
    ;[list[one], list[two]] = [list[two]!, list[one]!]
  },
  'fields in any order': (message) => {
    const list = aList(message)
    list.splice(0, list.length, ...message.draw.shuffle(list))
  },
  'tables last': ({ fields }) => void fields.sort((one, two) => Number(isKey(one)) - Number(isKey(two))),
  'an odd index': (message) => {
    const { fields, draw } = message
    const list = aRecord(message)
    const index = list && pickOf(draw, list.filter(({ tag }) => tag === KEY_INDEX || tag === EXPLICIT_INDEX))
    if (index === undefined) return
    const length = fields.filter(({ tag }) => tag === (index.tag === KEY_INDEX ? PARTITION_KEY : EXPLICIT_HASH_KEY)).length
    index.body = draw.oneIn(3) ? draw.pick(NUMBERS) : draw.oneIn(2) ? Math.max(0, length - draw.below(3) + 1) : 2n ** 32n * BigInt(draw.below(3)) + BigInt(draw.below(length + 1))
  },
  'an explicit hash key index': (message) => {
    const list = aRecord(message)
    if (list !== undefined) insert(message.draw, list, numberField(EXPLICIT_INDEX, message.draw.below(3)))
  },
  'a field again': (message) => insertCopy(message.draw, aList(message), aField(message)),
  'a field again with another value': (message) => {
    const { draw } = message
    const list = aRecord(message)
    if (list === undefined) return
    const tag = draw.pick([KEY_INDEX, EXPLICIT_INDEX, DATA])
    insert(draw, list, tag === DATA ? countedField(tag, draw.bytes(draw.below(4))) : numberField(tag, draw.oneIn(4) ? draw.pick(NUMBERS) : draw.below(3)))
  },
  'a field less': (message) => {
    const list = aList(message)
    remove(list, pickOf(message.draw, list))
  },
  'an empty field': (message) => {
    const field = aField(message)
    if (field !== undefined) field.body = typeof field.body === 'object' ? Buffer.alloc(0) : 0
  },
  'a wider varint': (message) => {
    const field = aField(message)
    const width = message.draw.between(2, 11)
    if (field === undefined) return
    if (message.draw.oneIn(2)) field.tagWidth = width
    else field.width = width
  },
  'an odd number': (message) => {
    const field = aField(message)
    if (field !== undefined && typeof field.body !== 'object') field.body = message.draw.pick(NUMBERS)
  },
  'a length that lies': (message) => {
    const { draw } = message
    const field = pickOf(draw, lists(message.fields).flat().filter(({ counted }) => counted))
    if (field === undefined) return
    const length = Array.isArray(field.body) ? new TreeWriter().write(field.body).length : (field.body as Buffer).length
    field.length = draw.oneIn(2) ? Math.max(0, length + draw.between(-2, 2)) : draw.oneIn(2) ? BigInt(length) + 2n ** 32n * BigInt(draw.below(4)) : draw.pick(NUMBERS)
  },
  'another field number': (message) => {
    const field = aField(message)
    if (field?.tag === undefined) return
    const type = BigInt(field.tag) & 7n
    field.tag = (message.draw.oneIn(4) ? message.draw.pick(NUMBERS) : BigInt(message.draw.below(6))) * 8n + type
  },
  'another wire type': (message) => {
    const field = aField(message)
    if (field?.tag !== undefined) field.tag = ((BigInt(field.tag) >> 3n) << 3n) + BigInt(message.draw.below(8))
  },
  'a tag of more than 32 bits': (message) => {
    const field = aField(message)
    if (field?.tag !== undefined) field.tag = BigInt(field.tag) + 2n ** BigInt(message.draw.between(32, 69))
  },
  'an unknown field': (message) => insert(message.draw, aList(message), unknown(message.draw, 3)),
  'known fields within a group': (message) => {
    const { draw } = message
    const number = unknownNumber(draw)
    insert(draw, aList(message), bareField(number * 8 + 3, copyOf(aList(message).slice(0, 4)), number * 8 + 4))
  },
  'what a group begins or ends with': ({ draw, ...message }) => {
    insert(draw, aList({ draw, ...message }), bareField(unknownNumber(draw) * 8 + draw.between(3, 4), Buffer.alloc(0)))
  },
  'a group that ends as another': ({ draw, ...message }) => {
    const number = unknownNumber(draw)
    insert(draw, aList({ draw, ...message }), bareField(number * 8 + 3, [unknown(draw, 1)], (number + draw.between(-1, 1)) * 8 + draw.between(3, 5)))
  },
  'deep groups': ({ draw, ...message }) => {
    const open = draw.between(96, 103)
    const number = draw.between(1, 15)
    const groups = [Buffer.alloc(open, number * 8 + 3), draw.oneIn(4) ? draw.bytes(2) : Buffer.alloc(0), Buffer.alloc(open, number * 8 + 4)]
    insert(draw, aList({ draw, ...message }), bareField(undefined, Buffer.concat(groups)))
  },
  'an odd hash key': ({ fields, draw }) => {
    const key = pickOf(draw, fields.filter(({ tag }) => tag === EXPLICIT_HASH_KEY))
    if (key !== undefined) key.body = draw.pick(HASH_KEYS)
  },
  'an odd key': ({ fields, draw }) => {
    const key = pickOf(draw, fields.filter(isKey))
    if (key !== undefined) key.body = draw.oneIn(3) ? Buffer.concat([draw.pick(KEYS), draw.pick(KEYS)]) : draw.pick(KEYS)
  },
  'a tag': (message) => {
    const list = aRecord(message)
    if (list === undefined) return
    const { draw } = message
    const parts = [1, 2, 1, 5].slice(draw.below(3), draw.between(1, 4)).map((number) => countedField(number * 8 + 2, draw.pick(KEYS)))
    insert(draw, list, countedField(TAGS, parts))
  },
  'data of another size': (message) => {
    const data = aRecord(message)?.find(({ tag }) => tag === DATA)
    if (data !== undefined) data.body = message.draw.bytes(message.draw.pick([0, 1, 2, 15, 16, 17, 20, 126, 127, 128, 129, 250, 300]))
  },
  'much data': (message) => {
    if (!message.draw.oneIn(8)) return
    const data = aRecord(message)?.find(({ tag }) => tag === DATA)
    if (data !== undefined) data.body = Buffer.alloc(message.draw.pick([16_370, 16_383, 16_384, 16_390, 40_000]), message.draw.below(256))
  },
  'an aggregate as data': (message) => {
    const data = aRecord(message)?.find(({ tag }) => tag === DATA)
    if (data !== undefined) data.body = framed(new TreeWriter().write(message.other().slice(0, 10)))
  },
  'records of another message': ({ fields, draw, other }) => {
    for (const field of other().slice(0, draw.between(1, 8))) insert(draw, fields, field)
  },
  'another message behind it': ({ fields, other }) => void fields.push(...other()),
  'a message inside a record': (message) => insert(message.draw, aRecord(message) ?? [], countedField(RECORD, message.other().slice(0, 6))),
  'bytes for a message': (message) => {
    const field = pickOf(message.draw, lists(message.fields).flat().filter(({ body }) => Array.isArray(body)))
    if (field !== undefined) field.body = message.draw.bytes(message.draw.below(8))
  },
  'stray bytes': (message) => insert(message.draw, aList(message), bareField(undefined, message.draw.bytes(message.draw.between(1, 12)))),
}

function isKey({ tag }: Field): boolean {
  return tag === PARTITION_KEY || tag === EXPLICIT_HASH_KEY
}

function lists(fields: Field[], found: Field[][] = []): Field[][] {
  found.push(fields)
  for (const { body } of fields) if (Array.isArray(body)) lists(body, found)
  return found
}

/** The message's own fields as often as those of any other in it. */
function aList({ fields, draw }: Pick<Mutable, 'fields' | 'draw'>): Field[] {
  return draw.oneIn(2) ? fields : draw.pick(lists(fields))
}

function aField(message: Mutable): Field | undefined {
  return pickOf(message.draw, aList(message))
}

function aRecord({ fields, draw }: Mutable): Field[] | undefined {
  const record = pickOf(draw, fields.filter(({ tag, body }) => tag === RECORD && Array.isArray(body)))
  return record?.body as Field[] | undefined
}

function pickOf<T>(draw: Draw, list: readonly T[]): T | undefined {
  return list.length === 0 ? undefined : draw.pick(list)
}

function insert(draw: Draw, list: Field[], field: Field): void {
  list.splice(draw.below(list.length + 1), 0, field)
}

function insertCopy(draw: Draw, list: Field[], field: Field | undefined): void {
  if (field !== undefined) insert(draw, list, copyOf([field])[0]!)
}

function remove(list: Field[], field: Field | undefined): void {
  if (field !== undefined) list.splice(list.indexOf(field), 1)
}

function unknownNumber(draw: Draw): number {
  return draw.oneIn(4) ? draw.between(1, 4) : draw.oneIn(4) ? draw.between(2 ** 28, 2 ** 29 - 1) : draw.between(5, 40)
}

/** A field of any number and wire type, groups down to a depth. */
function unknown(draw: Draw, depth: number): Field {
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
