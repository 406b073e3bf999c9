import { isDigestTrue } from '../../format/frame.js'
import { isFramed } from '../../format/is-aggregated.js'
import type { Messages } from '../messages.js'
import { bytesOf, isMagicBase64, isMagicHex } from './encoded.js'
import type { JsonValue } from './json-values.js'
import type { Line } from './lines.js'

/** No program breaks its lines behind so many letters. */
const WIDEST = 200
/** Letters and digits that the largest record takes. */
const LONGEST = 21_000_000
/** Where programs break lines: xxd -p, openssl and base64. */
const USUAL_WIDTHS = [60, 64, 76]

/**
 * The records in lines of base64 or hexadecimal digits, one a line; or one over several
 * lines, where a program has broken it: it begins with the magic and is not whole by
 * itself, and what follows has the same width, up to a shorter end.
 */
export async function* encodedRecords(batches: AsyncIterable<Line[]>, file: string, kind: 'base64' | 'hex', messages: Messages): AsyncGenerator<JsonValue[]> {
  let broken: Broken | undefined
  for await (const lines of batches) {
    const records: JsonValue[] = []
    const take = (whole: Broken) => {
      // One by one: there may be more than a call takes arguments.
      for (const record of whole.records(file, kind, messages)) records.push(record)
      broken = undefined
    }
    for (const { number, bytes } of lines) {
      const text = bytes.toString('latin1').trim()
      if (broken?.isContinuedBy(text, kind)) {
        broken.texts.push(text)
        if (text.length === broken.width) continue
        take(broken)
        continue
      }
      if (broken !== undefined) take(broken)
      const next = new Broken(text, number)
      if (next.mayGoOn(kind)) broken = next
      else take(next)
    }
    if (records.length > 0) yield records
  }
  if (broken !== undefined) yield broken.records(file, kind, messages)
}

/** A record whose end may be in the next line. */
class Broken {
  readonly texts: string[]
  readonly width: number
  readonly #line: number

  constructor(text: string, line: number) {
    this.texts = [text]
    this.width = text.length
    this.#line = line
  }

  mayGoOn(kind: 'base64' | 'hex'): boolean {
    const [text] = this.texts as [string]
    return this.width <= WIDEST && beginsWithMagic(text, kind) && !isWhole(text, kind)
  }

  isContinuedBy(text: string, kind: 'base64' | 'hex'): boolean {
    return text.length > 0 && text.length <= this.width && this.texts.length * this.width < LONGEST && !beginsWithMagic(text, kind)
  }

  /** All lines as one record, if that is what they are; else each as one. */
  records(file: string, kind: 'base64' | 'hex', messages: Messages): JsonValue[] {
    const { texts } = this
    const joined = texts.join('')
    const isOne = texts.length > 1 && (USUAL_WIDTHS.includes(this.width) || isWhole(joined, kind))
    return (isOne ? [joined] : texts).flatMap((text, n) => {
      const place = { file, line: this.#line + n }
      try {
        return text === '' ? [] : [{ place, value: { data: bytesOf(text, kind) } }]
      } catch (error) {
        messages.fail(place, (error as Error).message)
        return []
      }
    })
  }
}

function beginsWithMagic(text: string, kind: 'base64' | 'hex'): boolean {
  return kind === 'hex' ? isMagicHex(text) : isMagicBase64(text)
}

/** Whether it is an aggregate with the right digest. */
function isWhole(text: string, kind: 'base64' | 'hex'): boolean {
  try {
    const bytes = bytesOf(text, kind)
    return isFramed(bytes) && isDigestTrue(bytes)
  } catch {
    return false
  }
}
