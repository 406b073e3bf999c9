// A WebAssembly module that digests eight messages side by side, put together as text: first
// in a notation of its own, then in the binary format's hexadecimal digits.

/** Messages at once: four in the 32-bit lanes of a register, and two such groups, for the steps of one wait for each other. */
export const LANES = 8

// The memory, of 64 KiB: MD5's 64 constants, each four times; the state of each group, word by
// word; the blocks at hand, of each group one, twice in a row, so that 16 words can be read from
// any of the first 16 on; then room for the messages.
const STATE = 1024
const BLOCKS = 1152
export const INPUT = 2176
/** Bytes of a message that are in the memory at a time; with eight of them it is one page. */
export const WINDOW = 7_872
/** What MD5 takes at a time. */
export const BLOCK = 64

// The function's locals: its parameters, how many blocks to take and where each message is read;
// offsets among the constants and in a block, which are 0 at the beginning; then vectors: a, b, c
// and d of both groups, and four for what comes between.
const POINTERS = 1
const CONSTANT = 9
const WORD = 10
const STATES = 11
const SPARE = 19

const GROUPS = [0, 1]

/**
 * What each sign stands for (https://webassembly.github.io/spec/core/binary/instructions.html),
 * its operands before it; where it takes a number, that follows.
 */
const OPCODES: Readonly<Record<string, string>> = {
  // A local: its value; set it; set it and keep the value.
  '.': '20',
  '=': '21',
  ':': '22',
  // 32-bit numbers: a constant, sum, "and"; do what follows, and again where the number is not 0.
  '#': '41',
  s: '6a',
  n: '71',
  '(': '0340',
  ')': '0d000b',
  // Vectors of four such numbers: load, store (so many bytes behind an address), sum, shifts, bits; `-` is "and not".
  '@': 'fd0000',
  '!': 'fd0b00',
  '+': 'fdae01',
  '<': 'fdab01',
  '>': 'fdad01',
  '&': 'fd4e',
  '-': 'fd4f',
  '|': 'fd50',
  '^': 'fd51',
  '~': 'fd4d',
  // Two vectors' words in turn, the low two of each or the high two; the same with pairs of words.
  l: 'fd0d00010203101112130405060714151617',
  h: 'fd0d08090a0b18191a1b0c0d0e0f1c1d1e1f',
  L: 'fd0d00010203040506071011121314151617',
  H: 'fd0d08090a0b0c0d0e0f18191a1b1c1d1e1f',
}

/**
 * The rounds of RFC 1321: F, G, H and I added to what is there (an "or" as a sum where both sides
 * are never 1; b, which the step before has just made, as late as it can be); how far four steps
 * rotate; which words of the block they take; how many bytes further on the next four steps' words are.
 */
const ROUNDS = [
  ['d c d ^ b & ^ +', [7, 12, 17, 22], [0, 1, 2, 3], 64],
  ['c d - + b d & +', [5, 9, 14, 20], [1, 6, 11, 0], 64],
  ['c d ^ b ^ +', [4, 11, 16, 23], [5, 8, 11, 14], 192],
  ['d ~ b | c ^ +', [6, 10, 15, 21], [0, 7, 14, 5], 192],
] as const

/** Where word `word` of the state of message `lane` stands, four bytes. */
export function stateOf(lane: number, word: number): number {
  return STATE + 64 * (lane >> 2) + 16 * word + 4 * (lane & 3)
}

/**
 * The module. It exports its memory `m` and the function `f(blocks, pointer of each message)`,
 * which takes so many blocks of 64 bytes, 1 at the least, of every message.
 */
export function md5Module(): Buffer {
  const words = Array.from({ length: 8 }, (_, n) => [STATES + n, stateOf(n & 4, n & 3)] as const)
  const code = `(
    ${words.map(([local, at]) => `#0 @${at} =${local}`).join(' ')}
    ${GROUPS.flatMap((group) => [0, 4, 8, 12].map((word) => turn(group, word))).join(' ')}
    ${ROUNDS.map(round).join(' ')}
    ${words.map(([local, at]) => `#0 .${local} #0 @${at} + !${at}`).join(' ')}
    ${Array.from({ length: LANES }, (_, n) => `.${POINTERS + n} #64 s =${POINTERS + n}`).join(' ')}
    #0 =${CONSTANT} .0 #-1 s :0 )`
  const body = code.replace(/(\S)(\S*)\s*/g, (_, sign, number) => OPCODES[sign] + (number && hex(+number)))
  // Magic and version; the function's type, nine numbers; the function; one page of memory; what is exported; the code, with two numbers and 12 vectors.
  const header = `0061736d01000000010d0160097f7f7f7f7f7f7f7f7f0003020100050301000107090201660000016d0200`
  return Buffer.from(`${header}0a${sized(`01${sized(`02027f0c7b${body}0b`)}`)}`, 'hex')
}

/** Four words from `word` on of the four messages of a group, turned round: a vector then has one word of each message. */
function turn(group: number, word: number): string {
  const [t, u, v, w] = [0, 1, 2, 3].map((n) => SPARE + n)
  const reads = [0, 1, 2, 3].map((n) => `.${POINTERS + 4 * group + n} @${4 * word} =${SPARE + n}`).join(' ')
  const writes = [`.${t} .${v} L`, `.${t} .${v} H`, `.${u} .${w} L`, `.${u} .${w} H`].map((vector, n) => {
    const at = BLOCKS + 512 * group + 16 * (word + n)
    return `#0 ${vector} !${at} #0 ${vector} !${at + 256}`
  })
  return `${reads} .${t} .${u} h .${t} .${u} l =${t} .${v} .${w} h .${v} .${w} l =${v} =${w} =${u} ${writes.join(' ')}`
}

/** 16 steps, four at a time: a = b + ((a + F(b, c, d) + constant + word) <<< rotation). */
function round([f, rotations, words, shift]: (typeof ROUNDS)[number]): string {
  const steps = rotations.flatMap((rotation, n) => GROUPS.map((group) => {
    const sum = `b a .${CONSTANT} @${16 * n} + .${WORD} @${BLOCKS + 512 * group + 16 * words[n]!} + ${f}`
    const step = `${sum} :${SPARE} #${rotation} < .${SPARE} #${32 - rotation} > | + =a`
    // The names a to d go round by one at each step.
    return step.replace(/(=?)([a-d])/g, (_, set, name) => (set || '.') + (STATES + 4 * group + ((name.charCodeAt() - 97 - n) & 3)))
  }))
  return `( ${steps.join(' ')} .${CONSTANT} #64 s =${CONSTANT} .${WORD} #${shift} s #255 n :${WORD} )`
}

function sized(content: string): string {
  return hex(content.length / 2) + content
}

/** LEB128, signed and unsigned alike: the last byte is below 64, unless the number is below 0. */
function hex(value: number): string {
  return value < 64 ? (0x100 | (value & 0x7f)).toString(16).slice(1) : (0x80 | (value & 0x7f)).toString(16) + hex(value >> 7)
}
