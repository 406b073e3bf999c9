// Numbers and texts at which readers part.
import { hex } from '../../../fixtures/hex.js'

export const LAST_HASH_KEY = 2n ** 128n - 1n

/** What an index, a length, a field number or an unknown field's number may be mistaken at; the last two need more than 64 bits. */
export const NUMBERS: readonly bigint[] = [
  0n, 1n, 2n, 3n, 15n, 16n, 127n, 128n, 129n, 255n, 256n, 16_383n, 16_384n, 2n ** 21n, 2n ** 28n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 31n + 1n,
  2n ** 32n - 1n, 2n ** 32n, 2n ** 32n + 1n, 2n ** 33n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 63n + 1n, 2n ** 64n - 1n,
  2n ** 64n + 1n, 2n ** 70n - 1n,
]

/** Explicit hash keys: at the ends of ranges, with zeros, signs, blanks, the digits of other scripts, or none at all. */
export const HASH_KEYS: readonly Buffer[] = [
  ...['0', '1', '00', '007', '000000000000000000000000000000000000000000000000', '-0', '-1', '+0', '+5', '+', '-', '', '--5', '5-', '1 ', ' 1', '1e3', '0x10', '1.0', 'abc', '１２', '٣', '१2', '𝟓', '߀', '1\0', '\u{feff}1', '२९'],
  ...[2n ** 127n - 1n, 2n ** 127n, 2n ** 126n, 3n * 2n ** 126n, LAST_HASH_KEY - 1n, LAST_HASH_KEY, LAST_HASH_KEY + 1n, 2n ** 256n, 10n ** 60n].map(String),
  `0${LAST_HASH_KEY}`,
].map((text) => Buffer.from(text))

/** Partition keys: no UTF-8 in every way that there is, and texts that programs stumble over. */
export const KEYS: readonly Buffer[] = [
  ...[
    '80', 'bf', 'ff', 'fe', 'c0', 'c080', 'c1bf', 'c3', 'c328', 'e0', 'e080', 'e08080', 'e09f80', 'e0a0', 'e6b0', 'e6b061', 'e6b0b4e6b0', 'ed', 'eda0', 'eda080',
    'edbfbf', 'eda0bdedb880', 'eda061', 'ed9fbf', 'ee8080', 'f0', 'f080', 'f0808080', 'f08fbfbf', 'f09f', 'f09f98', 'f09f9861', 'f09f9f80e6', 'f48fbfbf', 'f4908080',
    'f490', 'f49080', 'f5808080', 'f8888080', 'f888808080', 'fc8480808080', 'efbbbf61', 'efbbbf', 'efbfbe', '00', '610062', '7f',
  ].map(hex),
  ...['', 'a', 'é', '水', '😀', '\u{fffd}', '__proto__', 'constructor', 'a'.repeat(127), 'a'.repeat(128), '水'.repeat(100)].map((text) => Buffer.from(text)),
]
