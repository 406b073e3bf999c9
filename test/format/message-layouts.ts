import t from 'tap'
import { type AggregateMember, decodeAggregate } from '../../lib/index.js'
import { aggregateOf, frame, varint } from '../../fixtures/aggregates.js'
import { type Draw, draw } from '../../fixtures/random.js'

// One message in all the layouts that protobuf allows: fields in any order, tables behind
// the records or among them, with unused and duplicate entries, repeated scalar fields of
// which the last counts, padded varints, unknown fields of every wire type. Whatever the
// layout, the same user records come out as of the canonical one.

/** A field in parts; its tag and length are padded now and then. */
class Layout {
  readonly random: Draw

  constructor(random: Draw) {
    this.random = random
  }

  varint(value: number): Buffer {
    return varint(value, this.random.oneIn(3) ? this.random.between(1, 10) : 1)
  }

  number(field: number, value: number): Buffer {
    return Buffer.concat([this.varint(field * 8), this.varint(value)])
  }

  bytes(field: number, value: Buffer | string): Buffer {
    return Buffer.concat([this.varint(field * 8 + 2), this.varint(Buffer.byteLength(value)), Buffer.from(value as string)])
  }

  /** One field of a number that no message here has, or that it has with another wire type. */
  unknown(depth = 0): Buffer {
    const { random } = this
    const field = random.pick([5, 6, 15, 16, 2047, 2 ** 29 - 1])
    switch (random.below(depth < 3 ? 6 : 5)) {
      case 0:
        return this.number(field, random.below(2 ** 31))
      case 1:
        return Buffer.concat([this.varint(field * 8 + 1), random.bytes(8)])
      case 2:
        return this.bytes(field, random.bytes(random.below(20)))
      case 3:
        return Buffer.concat([this.varint(field * 8 + 5), random.bytes(4)])
      case 4:
        // The fields of a record and of a message, as 32 bits: known numbers, other wire type.
        return Buffer.concat([this.varint(random.between(1, 4) * 8 + 5), random.bytes(4)])
      default: {
        const fields = Array.from({ length: random.below(3) }, () => this.unknown(depth + 1))
        return Buffer.concat([this.varint(field * 8 + 3), ...fields, this.varint(field * 8 + 4)])
      }
    }
  }

  /** Puts unknown fields between others. */
  scatter(fields: readonly Buffer[]): Buffer {
    const all = fields.flatMap((field) => (this.random.oneIn(4) ? [this.unknown(), field] : [field]))
    return Buffer.concat(this.random.oneIn(4) ? [...all, this.unknown()] : all)
  }

  /** Two rows of fields shuffled into one, each in its own order. */
  merge(a: readonly Buffer[], b: readonly Buffer[]): Buffer[] {
    const [left, right, merged] = [[...a], [...b], [] as Buffer[]]
    while (left.length + right.length > 0) merged.push((this.random.below(left.length + right.length) < left.length ? left : right).shift()!)
    return merged
  }

  /** A scalar field, now and then with other values before it. */
  last(field: (value: number) => Buffer, value: number): Buffer[] {
    return this.random.oneIn(4) ? [field(this.random.below(2 ** 31)), field(value)] : [field(value)]
  }

  tag({ key, value }: { key: string; value?: string | undefined }): Buffer {
    const values = value === undefined ? [] : [...(this.random.oneIn(4) ? [this.bytes(2, 'not this')] : []), this.bytes(2, value)]
    const keys = [...(this.random.oneIn(4) ? [this.bytes(1, 'not this')] : []), this.bytes(1, key)]
    return this.bytes(4, this.scatter(this.merge(keys, values)))
  }

  message(members: readonly AggregateMember[]): Buffer {
    const table = (texts: readonly string[]) => {
      const more = texts.flatMap((text) => (this.random.oneIn(4) ? [text, text] : this.random.oneIn(4) ? ['unused', text] : [text]))
      return this.random.oneIn(2) ? this.random.shuffle(more) : more
    }
    const indexIn = (texts: readonly string[], text: string) => this.random.pick([texts.indexOf(text), texts.lastIndexOf(text)])
    const keys = table([...new Set(members.map((member) => member.partitionKey))])
    const hashKeys = table([...new Set(members.flatMap((member) => member.explicitHashKey ?? []))])
    const records = members.map(({ partitionKey, explicitHashKey, data, tags = [] }) => {
      const index = this.last((value) => this.number(1, value), indexIn(keys, partitionKey))
      const hashIndex = explicitHashKey === undefined ? [] : this.last((value) => this.number(2, value), indexIn(hashKeys, explicitHashKey))
      const payload = [...(this.random.oneIn(4) ? [this.bytes(3, this.random.bytes(this.random.below(9)))] : []), this.bytes(3, data)]
      return this.bytes(3, this.scatter(this.merge(this.merge(index, hashIndex), this.merge(payload, tags.map((tag) => this.tag(tag))))))
    })
    const tables = this.merge(keys.map((key) => this.bytes(1, key)), hashKeys.map((key) => this.bytes(2, key)))
    const order = this.random.pick([[...tables, ...records], [...records, ...tables], this.merge(tables, records)])
    return this.scatter(order)
  }
}

const someMembers = (random: Draw): AggregateMember[] => {
  return Array.from({ length: random.between(1, 8) }, () => ({
    partitionKey: random.text(random.between(0, 2)),
    explicitHashKey: random.oneIn(2) ? String(random.below(3)) : undefined,
    data: random.bytes(random.pick([0, 1, 5, 130])),
    tags: random.oneIn(4) ? [{ key: random.text(1), value: undefined }, { key: 'k', value: random.text(2) }] : undefined,
  }))
}

t.test('whatever the layout, the user records are those of the canonical one', (t) => {
  const random = draw(t, 3)
  const wrong: number[] = []
  for (let round = 0; round < 3000; round++) {
    const members = someMembers(random)
    const expected = JSON.stringify(members)
    const canonical = JSON.stringify(decodeAggregate(aggregateOf(members)).records)
    const other = JSON.stringify(decodeAggregate(frame(new Layout(random).message(members))).records)
    if (canonical !== expected || other !== expected) wrong.push(round)
  }
  t.same(wrong, [])
  t.end()
})

t.test('canonical and other records take turns in one message', (t) => {
  const random = draw(t, 4)
  const wrong: number[] = []
  for (let round = 0; round < 300; round++) {
    const members = Array.from({ length: 40 }, () => ({ partitionKey: 'a', explicitHashKey: random.oneIn(3) ? '7' : undefined, data: random.bytes(random.below(200)), tags: undefined }))
    const layout = new Layout(random)
    const records = members.map(({ explicitHashKey, data }) => {
      const fields = [[0x08, 0], explicitHashKey === undefined ? [] : [0x10, 0], [0x1a, ...varint(data.length), ...data]]
      const canonical = Buffer.from((random.oneIn(4) ? random.shuffle(fields) : fields).flat())
      return random.oneIn(4) ? layout.bytes(3, layout.scatter([canonical])) : Buffer.from([0x1a, ...varint(canonical.length), ...canonical])
    })
    const data = frame(Buffer.from('\x0a\x01a\x12\x017'), ...records)
    if (JSON.stringify(decodeAggregate(data).records) !== JSON.stringify(members)) wrong.push(round)
  }
  t.same(wrong, [])
  t.end()
})
