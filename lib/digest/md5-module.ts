import {
  ADD,
  AGAIN,
  AND,
  AND_NOT,
  LEFT,
  LOOP,
  MEMORY,
  NOT,
  NUMBER_ADD,
  NUMBER_SUB,
  OR,
  RIGHT,
  XOR,
  get,
  load,
  number,
  set,
  sized,
  store,
  tee,
  words,
} from './wasm-code.js'

// A WebAssembly module that digests eight messages side by side.

/**
 * Messages at once: four in the 32-bit words of a register, and two such groups, for the steps
 * of one wait for each other. The states of three leave no room in sixteen registers: a byte takes
 * 8 to 17 % longer.
 */
export const LANES = 8

// The memory, seven pages of 64 KiB: MD5's 64 constants, each four times; the state of each group, word by
// word; the block at hand of each group, word by word; then room for the messages.
const STATE = 1024
const BLOCKS = 1152
export const INPUT = 1664
/**
 * Bytes of a message that are in the memory at a time: eight of them fit. An aggregate of the KPL's 51,200 is there whole;
 * with an eighth of it a byte takes 4 to 8 % longer, and of 1 MiB 15 %.
 */
export const WINDOW = 57_088
/** What MD5 takes at a time. */
export const BLOCK = 64

// The function's locals: its parameters, how many blocks to take and where each message is read;
// then vectors: a, b, c and d of both groups, and four for what comes between.
const COUNT = 0
const POINTERS = 1
const STATES = 9
const SPARE = 17

interface Round {
  /** F, G, H or I added to what is there; b, which the step before has just made, as late as it can be. */
  readonly add: (b: string, c: string, d: string) => string
  /** How far four steps rotate. */
  readonly rotations: readonly [number, number, number, number]
  /** The word of the block that step n of all 64 takes, modulo 16. */
  readonly word: (n: number) => number
}

/** Those of RFC 1321; G's "or" is a sum, for its sides are never 1 both. */
const ROUNDS: readonly Round[] = [
  { add: (b, c, d) => d + c + d + XOR + b + AND + XOR + ADD, rotations: [7, 12, 17, 22], word: (n) => n },
  { add: (b, c, d) => c + d + AND_NOT + ADD + b + d + AND + ADD, rotations: [5, 9, 14, 20], word: (n) => 5 * n + 1 },
  { add: (b, c, d) => c + d + XOR + b + XOR + ADD, rotations: [4, 11, 16, 23], word: (n) => 3 * n + 5 },
  { add: (b, c, d) => d + NOT + b + OR + c + XOR + ADD, rotations: [6, 10, 15, 21], word: (n) => 7 * n },
]

/** Where word `word` of the state of message `lane` stands, four bytes. */
export function stateOf(lane: number, word: number): number {
  return STATE + 64 * (lane >> 2) + 16 * word + 4 * (lane & 3)
}

/**
 * The module. It exports its memory `m` and the function `f(blocks, pointer of each message)`,
 * which takes so many blocks of 64 bytes, 1 at the least, of every message.
 */
export function md5Module(): Buffer {
  // Word n & 3 of group n >> 2.
  const stateAt = (n: number): number => stateOf(n & 4, n & 3)
  // All 64 steps written out: in loops of four they took an eighth to a quarter longer.
  const code = [
    LOOP,
    ...times(8, (n) => MEMORY + load(stateAt(n)) + set(STATES + n)),
    ...times(8, (n) => turn(n >> 2, 4 * (n & 3))),
    ...times(128, (n) => step(n & 1, n >> 1)),
    ...times(8, (n) => MEMORY + get(STATES + n) + MEMORY + load(stateAt(n)) + ADD + store(stateAt(n))),
    ...times(LANES, (n) => get(POINTERS + n) + number(BLOCK) + NUMBER_ADD + set(POINTERS + n)),
    get(COUNT) + number(1) + NUMBER_SUB + tee(COUNT) + AGAIN,
  ].join('')
  // Magic and version; the function's type, nine numbers; the function; seven pages of memory; what is exported; the code, with 12 vectors.
  const header = '0061736d01000000010d0160097f7f7f7f7f7f7f7f7f0003020100050301000707090201660000016d0200'
  return Buffer.from(`${header}0a${sized(`01${sized(`010c7b${code}0b`)}`)}`, 'hex')
}

/** Four words from `word` on of the four messages of a group, turned round: a vector then has one word of each message. */
function turn(group: number, word: number): string {
  const [t, u, v, w] = [0, 1, 2, 3].map((n) => get(SPARE + n)) as [string, string, string, string]
  const low = words(0, 4, 1, 5)
  const high = words(2, 6, 3, 7)
  const rows = [t + v + words(0, 1, 4, 5), t + v + words(2, 3, 6, 7), u + w + words(0, 1, 4, 5), u + w + words(2, 3, 6, 7)]
  return [
    ...times(4, (n) => get(POINTERS + 4 * group + n) + load(4 * word) + set(SPARE + n)),
    t + u + high + t + u + low + set(SPARE),
    v + w + high + v + w + low + set(SPARE + 2) + set(SPARE + 3) + set(SPARE + 1),
    ...rows.map((row, n) => MEMORY + row + store(blockOf(group, word + n))),
  ].join('')
}

/** Step n of 64: a = b + ((a + F(b, c, d) + constant + word) <<< rotation). */
function step(group: number, n: number): string {
  const { add, rotations, word } = ROUNDS[n >> 4]!
  const rotation = rotations[n & 3]!
  // The names a to d go round by one at each step.
  const [a, b, c, d] = [0, 1, 2, 3].map((letter) => STATES + 4 * group + ((letter - n) & 3)) as [number, number, number, number]
  const sum = get(a) + MEMORY + load(16 * n) + ADD + MEMORY + load(blockOf(group, word(n) & 15)) + ADD + add(get(b), get(c), get(d))
  const rotated = tee(SPARE) + number(rotation) + LEFT + get(SPARE) + number(32 - rotation) + RIGHT + OR
  return get(b) + sum + rotated + ADD + set(a)
}

function blockOf(group: number, word: number): number {
  return BLOCKS + 256 * group + 16 * word
}

function times(count: number, code: (n: number) => string): string[] {
  return Array.from({ length: count }, (_, n) => code(n))
}
