// As much of WebAssembly's binary format as the digest takes, in hexadecimal digits: pieces of code are
// put together as text (https://webassembly.github.io/spec/core/binary/instructions.html). As on any
// stack machine, operands come first.

// Locals: push the value; pop it in; put it in and leave it.
export const get = (local: number): string => `20${byte(local)}`
export const set = (local: number): string => `21${byte(local)}`
export const tee = (local: number): string => `22${byte(local)}`

// 32-bit numbers: a constant from 0 to 8191, sum, difference.
export const number = (value: number): string => `41${leb(value)}`
/** The address 0, as `number(0)`: what stands behind it alone says where. Written out, or `number` would be compiled while a program starts. */
export const MEMORY = '418000'
export const NUMBER_ADD = '6a'
export const NUMBER_SUB = '6b'

/** What follows, up to `AGAIN`, which takes a number: where it is not 0 all is done once more. */
export const LOOP = '0340'
export const AGAIN = '0d000b'

// Vectors of four 32-bit words, loaded from and stored to so many bytes behind an address.
export const load = (offset: number): string => `fd0000${leb(offset)}`
export const store = (offset: number): string => `fd0b00${leb(offset)}`
export const ADD = 'fdae01'
export const LEFT = 'fdab01'
export const RIGHT = 'fdad01'
export const NOT = 'fd4d'
export const AND = 'fd4e'
export const AND_NOT = 'fd4f'
export const OR = 'fd50'
export const XOR = 'fd51'
/** A vector of four words of two others, whose words are 0 to 3 and 4 to 7. */
export const words = (...which: readonly number[]): string =>
  `fd0d${which.map((word) => [0, 1, 2, 3].map((n) => byte(4 * word + n)).join('')).join('')}`

/** The code with its length before it. */
export const sized = (code: string): string => leb(code.length / 2) + code

/** An unsigned number below 2^14 as LEB128, always two bytes; below 2^13 the same as signed. */
function leb(value: number): string {
  return byte((value & 0x7f) | 0x80) + byte(value >> 7)
}

function byte(value: number): string {
  return (0x100 | value).toString(16).slice(1)
}
