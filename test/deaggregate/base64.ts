import t from 'tap'
import { deaggregate } from '../../lib/index.js'
import { random } from '../../fixtures/random.js'
import { aggregateOf } from '../../fixtures/aggregates.js'
import { caught, lines } from '../../fixtures/reading.js'

// Text is padded base64, the URL-safe letters taken too. Anything that does not
// decode to as many bytes as its length says is refused.

const code = 'ERR_KPL_INVALID_BASE64'

/** What base64 is by RFC 4648, with either alphabet. */
const BASE64 = /^(?:[\w+/-]{4})*(?:[\w+/-]{2}==|[\w+/-]{3}=)?$/

const decoded = (text: string) => [...deaggregate({ data: text })][0]!.data

t.test('padded text of either alphabet is read, whatever its length', (t) => {
  const seed = 20260101
  t.comment(`seed ${seed}`)
  const next = random(seed)
  const wrong: string[] = []
  for (let length = 0; length < 300; length++) {
    const bytes = Buffer.from(Array.from({ length }, () => Math.floor(next() * 256)))
    const standard = bytes.toString('base64')
    const urlSafe = standard.replaceAll('+', '-').replaceAll('/', '_')
    for (const text of [standard, urlSafe]) if (!decoded(text).equals(bytes)) wrong.push(text)
  }
  t.same(wrong, [])
  t.end()
})

t.test('all texts of up to 5 letters out of an ugly alphabet: base64 is read, all else refused', (t) => {
  const alphabet = ['A', 'z', '9', '-', '_', '+', '/', '=', ' ', '\n', '\0', '!', 'é']
  const wrong: string[] = []
  let refused = 0
  let texts = ['']
  for (let length = 0; length <= 4; length++) {
    for (const text of texts) {
      let outcome: unknown
      try {
        outcome = decoded(text).toString('base64url')
      } catch (error) {
        outcome = (error as { code: unknown }).code
      }
      const canonical = text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
      // The last letter's spare bits mean nothing: of it only what the bytes keep is compared.
      const right = BASE64.test(text) ? String(outcome).slice(0, -1) === canonical.slice(0, -1) : outcome === code
      if (!right) wrong.push(`${JSON.stringify(text)}: ${outcome}`)
      if (outcome === code) refused++
    }
    texts = texts.flatMap((text) => alphabet.map((letter) => text + letter))
  }
  t.same(wrong, [])
  t.ok(refused > 10_000, 'most are refused')
  t.end()
})

t.test('garbage of every kind, inside an aggregate that would be right', (t) => {
  const right = aggregateOf([{ partitionKey: 'a', data: 'a payload of a certain length..' }]).toString('base64')
  t.same(lines({ data: right }).length, 1)
  t.notMatch(right, /=$/, 'the aggregate needs no padding')
  const garbage: [string, string][] = [
    ['a line break', `${right.slice(0, 40)}\n${right.slice(40)}`],
    ['a line break in place of a letter', `${right.slice(0, 40)}\n${right.slice(41)}`],
    ['a blank at the end', `${right} `],
    ['four blanks at the end', `${right}    `],
    ['a letter too few', right.slice(0, -1)],
    ['two letters too few', right.slice(0, -2)],
    ['three letters too few', right.slice(0, -3)],
    ['a letter too many', `${right}A`],
    ['padding in the middle', `${right.slice(0, 4)}AA==${right.slice(4)}`],
    ['padding of its own', `${right}====`],
    ['three padding letters', `${right}A===`],
    ['a data URL', `data:;base64,${right}`],
    ['quotation marks', `"${right}"`],
    ['hexadecimal', Buffer.from(right, 'base64').toString('hex').slice(0, 37)],
    ['base64 twice, cut', Buffer.from(right).toString('base64').slice(1)],
    ['JSON', '{"data":5}'],
    ['binary text', Buffer.from(right, 'base64').toString('latin1')],
    ['a comma for a letter', right.replace(/.$/, ',')],
  ]
  for (const [name, text] of garbage) {
    const input = { data: text, sequenceNumber: '7' }
    t.match(caught(() => lines(input)), { code, input, sequenceNumber: '7' }, name)
  }
  t.end()
})

t.test('the message tells both lengths and the beginning, never the whole text', (t) => {
  const error = caught(() => lines({ data: '!'.repeat(1000) }))
  t.match(error.message, /1000 characters.* 0 bytes/)
  t.ok(error.message.length < 200)
  t.end()
})

t.test('letters above U+00FF are no base64, though their low bits are', (t) => {
  for (const text of ['\u0141'.repeat(4), `QUJD${'\u0141'.repeat(4)}`, 'QUJD\u0100\u0141\u0141\u0141'])
    t.throws(() => [...deaggregate({ Data: text })], { code: 'ERR_KPL_INVALID_BASE64' })
  t.end()
})
