import { MAGIC_LENGTH } from '../../format/constants.js'
import { messageEnd } from '../../format/frame.js'
import { LENGTH_DELIMITED, VARINT } from '../../wire/wire-types.js'
import type { Colour, Paint } from '../paint.js'
import { counted, cut, preview, spaced } from '../text.js'
import type { Anatomy } from './anatomy.js'
import type { Field, Fields } from './fields.js'
import { OFFSET } from './hex.js'

const PER_ROW = 8
/** Bytes of one value that are shown, where not all of them are. */
const ENOUGH = 32

/** Every byte of an aggregate, and what it says. */
export class Dump {
  readonly #anatomy: Anatomy
  readonly #isAll: boolean
  readonly #width: number
  readonly #paint: Paint
  readonly #counts = [0, 0, 0, 0]

  constructor(anatomy: Anatomy, isAll: boolean, width: number, paint: Paint) {
    this.#anatomy = anatomy
    this.#isAll = isAll
    this.#width = width
    this.#paint = paint
  }

  *lines(): Generator<string> {
    const { bytes, message, digest } = this.#anatomy
    const end = messageEnd(bytes)
    yield* this.#rows(0, MAGIC_LENGTH, 'magic')
    yield* this.#fields(message, MAGIC_LENGTH, end, 0, 'message')
    yield* this.#rows(end, bytes.length, digest.isTrue ? 'MD5 of the message' : `no MD5 of the message: that is ${digest.expected}`)
  }

  *#fields({ fields, error }: Fields, start: number, end: number, depth: number, message: string): Generator<string> {
    for (const field of fields) yield* this.#field(field, depth, message)
    const read = fields.at(-1)?.end ?? start
    if (error !== undefined) yield* this.#rows(read, end, `cannot be read: ${error.message}`, depth, 'red')
  }

  *#field(field: Field, depth: number, message: string): Generator<string> {
    const { bytes } = this.#anatomy
    const { at, start, end, value, inside, wireType } = field
    const name = this.#nameOf(field, message)
    if (value !== undefined) return yield* this.#rows(at, end, `${name}${value}`, depth)
    if (wireType !== LENGTH_DELIMITED) return yield* this.#rows(at, end, `${name}wire type ${wireType}`, depth)
    yield* this.#rows(at, start, `${name}${counted(end - start, 'byte')}`, depth)
    if (inside !== undefined) yield* this.#fields(inside, start, end, depth + 1, message === 'message' ? 'record' : 'tag')
    else if (end > start) yield* this.#rows(start, end, preview(bytes.subarray(start, end), 60), depth + 1)
  }

  #nameOf({ number, wireType }: Field, message: string): string {
    if (message === 'message' && wireType === LENGTH_DELIMITED && number <= 3) {
      return `${['', 'partition key', 'explicit hash key', 'user record'][number]} ${this.#counts[number]!++}: `
    }
    if (message === 'record' && wireType === (number < 3 ? VARINT : LENGTH_DELIMITED) && number <= 4) {
      return ['', 'partition key index: ', 'explicit hash key index: ', 'data: ', 'tag: '][number]!
    }
    if (message === 'tag' && wireType === LENGTH_DELIMITED && number <= 2) return ['', 'key: ', 'value: '][number]!
    return `unknown field ${number}: `
  }

  *#rows(start: number, end: number, what: string, depth = 0, colour?: Colour): Generator<string> {
    const { bytes } = this.#anatomy
    const shown = this.#isAll ? end : Math.min(end, start + ENOUGH)
    const room = Math.max(16, this.#width - OFFSET - PER_ROW * 3 - 4)
    const label = cut(`${'  '.repeat(depth)}${what}`, room)
    for (let at = start; at < shown; at += PER_ROW) {
      const hex = spaced(bytes.subarray(at, Math.min(at + PER_ROW, shown))).padEnd(PER_ROW * 3)
      const told = at > start ? '' : colour === undefined ? label : this.#paint(colour, label)
      yield `${this.#paint('dim', String(at).padStart(OFFSET))}  ${hex} ${told}`.trimEnd()
    }
    if (shown < end) yield `${' '.repeat(OFFSET)}  … and ${counted(end - shown, 'byte')} more`
  }
}
