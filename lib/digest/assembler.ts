// As much of WebAssembly's binary format as one function over vectors needs, in hexadecimal
// digits: texts are joined ten times as fast as lists, which counts in code that runs once.
// https://webassembly.github.io/spec/core/binary

const OPERATIONS = new Map([
  // do … again: once more as long as the number on the stack is not 0.
  ['do', '0340'],
  ['again', '0d000b'],
  // 32-bit numbers.
  ['add', '6a'],
  ['and', '71'],
  // Vectors of four 32-bit numbers; ~& is "and not".
  ['+', 'fdae01'],
  ['&', 'fd4e'],
  ['~&', 'fd4f'],
  ['|', 'fd50'],
  ['^', 'fd51'],
  ['~', 'fd4d'],
  ['<<', 'fdab01'],
  ['>>', 'fdad01'],
])

/**
 * A module that exports its memory `m`, of 64 KiB, and the function `f`.
 *
 * @param numbers names of the function's parameters, 32-bit numbers.
 * @param vectors names of its vectors, which begin as 0.
 * @param code operations behind their operands, a blank between each: a name gives its value, `=name` sets it, `:name`
 *   sets and keeps it; a number is itself, `@n` loads the vector n bytes behind an address, `!n` stores one there,
 *   and `%wxyz` makes a vector of the words w, x, y and z of two others, 0 to 3 and 4 to 7.
 */
export function assemble(numbers: readonly string[], vectors: readonly string[], code: string): Buffer {
  const known = new Map(OPERATIONS)
  for (const [index, name] of [...numbers, ...vectors].entries()) {
    known.set(name, `20${hex(index)}`).set(`=${name}`, `21${hex(index)}`).set(`:${name}`, `22${hex(index)}`)
  }
  let body = `01${hex(vectors.length)}7b`
  for (const word of code.split(' ')) {
    let bytes = known.get(word)
    if (bytes === undefined) known.set(word, (bytes = operand(word[0]!, word.slice(1), word)))
    body += bytes
  }
  const parameters = hex(numbers.length) + '7f'.repeat(numbers.length)
  const types = section(1, `0160${parameters}00`)
  const exports = section(7, '0201660000016d0200')
  return Buffer.from(`0061736d01000000${types}${section(3, '0100')}${section(5, '010001')}${exports}${section(10, `01${sized(`${body}0b`)}`)}`, 'hex')
}

function operand(first: string, rest: string, word: string): string {
  if (first === '@') return `fd0000${hex(+rest)}`
  if (first === '!') return `fd0b00${hex(+rest)}`
  if (first === '%') return `fd0d${rest.replace(/./g, (n) => [0, 1, 2, 3].map((byte) => hex(4 * +n + byte)).join(''))}`
  return `41${hex(+word)}`
}

function section(id: number, content: string): string {
  return hex(id) + sized(content)
}

function sized(content: string): string {
  return hex(content.length / 2) + content
}

/** LEB128, signed and unsigned alike: the last byte is below 64, unless the number is below 0. */
function hex(value: number): string {
  if (value >= 64) return (0x80 | (value & 0x7f)).toString(16) + hex(value >> 7)
  return (0x100 | (value & 0x7f)).toString(16).slice(1)
}
