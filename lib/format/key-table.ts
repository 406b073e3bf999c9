import { headSize, writeHead } from '../wire/field.js'

/**
 * A partition key or explicit hash key, measured once. `table` and `index`
 * remember where the key last stood, so that a key that comes again and again
 * is not looked up again in the aggregate that is being filled.
 */
export class Key {
  readonly text: string
  /** UTF-8 bytes. */
  readonly length: number
  table: KeyTable | undefined
  index = 0

  constructor(text: string) {
    // By way of its bytes: a text cut out of a larger one would keep all of that alive.
    const bytes = Buffer.from(text)
    this.text = bytes.toString()
    this.length = bytes.length
  }
}

/** What an entry adds to a message: its tag, its length, its text. */
export function entrySize(key: Key): number {
  return headSize(key.length) + key.length
}

/**
 * The partition keys or the explicit hash keys of one aggregate to write, in the
 * order of their first use. Order is the list's; the lookup beside it is a Map, for
 * which "10" and "__proto__" are keys like any other. (What is read has its tables in
 * the `MessageIndex`.)
 */
export class KeyTable {
  texts: string[] = []
  #indexes: Map<string, number> | undefined

  /** The index that the key has, or will have once it is added: `texts.length`. */
  find(key: Key): number {
    return key.table === this ? key.index : this.#lookUp(key)
  }

  /** Adds a key that is not in the table. */
  add(key: Key): void {
    // Above this many keys they are looked up in a Map; below it a Map costs more time and memory than it saves.
    const LINEAR_KEYS = 8
    const index = this.texts.length
    // A list written as [x] holds one; one pushed to holds 17: with 100,000 open aggregates that is 13 MB.
    if (index === 0) this.texts = [key.text]
    else this.texts.push(key.text)
    this.#indexes?.set(key.text, index)
    if (index === LINEAR_KEYS) this.#indexes = new Map(this.texts.map((text, n) => [text, n]))
    this.#remember(key, index)
  }

  /** Writes the texts, each as a field of this tag, at `pos`; gives where they end. */
  write(frame: Buffer, pos: number, tag: number): number {
    // No text of so many UTF-16 units has more than 127 bytes of UTF-8, so its length takes one byte.
    const SHORT_TEXT = 42
    for (const text of this.texts) {
      pos = writeHead(frame, pos, tag, text.length <= SHORT_TEXT ? 0 : Buffer.byteLength(text))
      const length = frame.write(text, pos)
      if (text.length <= SHORT_TEXT) frame[pos - 1] = length
      pos += length
    }
    return pos
  }

  /** Forgets the keys, which may know this table longer than it is needed. */
  clear(): void {
    this.texts = []
    this.#indexes = undefined
  }

  #lookUp(key: Key): number {
    const index = this.#indexes === undefined ? this.texts.indexOf(key.text) : (this.#indexes.get(key.text) ?? -1)
    if (index < 0) return this.texts.length
    this.#remember(key, index)
    return index
  }

  #remember(key: Key, index: number): void {
    key.table = this
    key.index = index
  }
}
