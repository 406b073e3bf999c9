// Ways to make a message odd or wrong. Each takes the tree of a message and changes it in place; where there is nothing
// to change, nothing changes.
import { framed } from '../../../fixtures/odd-messages.js'
import { HASH_KEYS, KEYS, NUMBERS } from './odd-values.js'
import {
  type Mutable,
  EXPLICIT_HASH_KEY,
  PARTITION_KEY,
  RECORD,
  aField,
  aList,
  aRecord,
  bodyLength,
  insert,
  insertCopy,
  isKey,
  lists,
  pickOf,
  remove,
  unknown,
  unknownNumber,
} from './places.js'
import { type Field, TreeWriter, bareField, copyOf, countedField, numberField } from './tree.js'

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
    const length = bodyLength(field)
    field.length = draw.oneIn(2) ? Math.max(0, length + draw.between(-2, 2)) : draw.oneIn(2) ? BigInt(length) + 2n ** 32n * BigInt(draw.below(4)) : draw.pick(NUMBERS)
  },
  'lengths that lie alike': ({ draw, ...message }) => {
    const record = pickOf(draw, message.fields.filter(({ tag, body }) => tag === RECORD && Array.isArray(body) && body.length > 0))
    const last = (record?.body as Field[] | undefined)?.at(-1)
    if (!record || !last?.counted) return
    const more = draw.between(-2, 17)
    for (const field of [last, record]) field.length = Math.max(0, bodyLength(field) + more)
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
