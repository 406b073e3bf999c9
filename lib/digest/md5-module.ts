import { assemble } from './assembler.js'

/** Messages at once: four in the 32-bit lanes of a register, and two such groups, for the steps of one wait for each other. */
export const LANES = 8
const GROUPS = [0, 1]

// The memory: MD5's 64 constants, each four times; of each group its state, word by word, and
// the block at hand, twice in a row, so that 16 words can be read from any of the first 16 on;
// then room for the messages.
export const CONSTANTS = 0
const STATE = 1024
const BLOCKS = 1152
export const INPUT = 2176

/**
 * The four rounds of RFC 1321: in postfix F, G, H and I, added to what is on the stack ("or" as "+"
 * where both sides are never 1; b, which the step before has just made, comes as late as it can);
 * how far four steps rotate; which words of the block the first four take; and by how many words
 * each next four are further on.
 */
const ROUNDS = [
  { f: 'd c d ^ b & ^ +', rotations: [7, 12, 17, 22], words: [0, 1, 2, 3], shift: 4 },
  { f: 'c d ~& + b d & +', rotations: [5, 9, 14, 20], words: [1, 6, 11, 0], shift: 4 },
  { f: 'c d ^ b ^ +', rotations: [4, 11, 16, 23], words: [5, 8, 11, 14], shift: 12 },
  { f: 'd ~ b | c ^ +', rotations: [6, 10, 15, 21], words: [0, 7, 14, 5], shift: 12 },
]

const NAMES = ['a', 'b', 'c', 'd']

/** Where word `word` of the state of message `lane` stands, four bytes. */
export function stateOf(lane: number, word: number): number {
  return stateAt(lane >> 2, word) + 4 * (lane & 3)
}

function stateAt(group: number, word: number): number {
  return STATE + 64 * group + 16 * word
}

/** A module with `f(blocks, pointer of each message, 0, 0)`: it takes so many blocks of 64 bytes, 1 at the least, of every message. */
export function md5Module(): Buffer {
  const pointers = Array.from({ length: LANES }, (_, lane) => `p${lane}`)
  const vectors = GROUPS.flatMap((group) => NAMES.map((name) => name + group))
  const code = [
    'do',
    ...GROUPS.flatMap((group) => [0, 4, 8, 12].map((word) => turn(group, word))),
    ...GROUPS.flatMap((group) => NAMES.map((name, word) => `0 @${stateAt(group, word)} =${name}${group}`)),
    ...ROUNDS.map(round),
    ...GROUPS.flatMap((group) => NAMES.map((name, word) => `0 ${name}${group} 0 @${stateAt(group, word)} + !${stateAt(group, word)}`)),
    ...pointers.map((pointer) => `${pointer} 64 add =${pointer}`),
    '0 =constants blocks -1 add :blocks again',
  ]
  return assemble(['blocks', ...pointers, 'constants', 'words'], [...vectors, 't', 'u', 'v', 'w'], code.join(' '))
}

/** Four words from `word` on of the four messages of a group, turned round: a vector then has one word of each message. */
function turn(group: number, word: number): string {
  const reads = ['t', 'u', 'v', 'w'].map((name, n) => `p${4 * group + n} @${4 * word} =${name}`)
  const pairs = 't u %2637 t u %0415 =t v w %2637 v w %0415 =v =w =u'
  const stores = ['t v %0145', 't v %2367', 'u w %0145', 'u w %2367'].map((vector, n) => {
    const at = BLOCKS + 512 * group + 16 * (word + n)
    return `0 ${vector} !${at} 0 ${vector} !${at + 256}`
  })
  return [...reads, pairs, ...stores].join(' ')
}

/** 16 steps, four at a time. */
function round({ f, rotations, words, shift }: (typeof ROUNDS)[0]): string {
  const steps = rotations.flatMap((rotation, n) => GROUPS.map((group) => {
    const step = `b a constants @${CONSTANTS + 16 * n} + words @${BLOCKS + 512 * group + 16 * words[n]!} + ${f} :t ${rotation} << t ${32 - rotation} >> | + =a`
    // The names go round by one at each step.
    return step.replace(/\b[abcd]\b/g, (name) => NAMES[(NAMES.indexOf(name) - n) & 3]! + group)
  }))
  return `do ${steps.join(' ')} constants 64 add =constants words ${16 * shift} add 255 and :words again`
}
