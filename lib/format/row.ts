// A user record's row of numbers in a MessageIndex, by columns. A file without imports: a bundler then writes the numbers in place of the names.

export const KEY = 0
/** -1 where the record has no explicit hash key: absent is not 0. */
export const EXPLICIT = 1
export const START = 2
export const END = 3
/** Where the record's length stands; below 0 where it has tags. */
export const AT = 4
export const ROW = 5

/** No table can be that long; an index beyond it is kept as this, so that it stays "outside" and fits 32 bits. */
export const INDEX_OUTSIDE = 0x7fff_ffff
