// What a payload looks like that was an aggregate once.

/** What becomes of the magic and the first tag where bytes were read as UTF-8: U+FFFD for what is none. */
const MANGLED = Buffer.from('efbfbdefbfbd0a', 'hex')

/** How an aggregate begins in base64 and in hexadecimal digits. */
const ENCODED = { '84mawg': 'base64', f3899ac2: 'hex', F3899AC2: 'hex' }

/** So many bytes of a payload are looked at. */
const LOOKED_AT = 1_048_576

/** What has become of the aggregate that a payload seems to have been; `undefined` of nearly all. */
export function damageOf(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, MANGLED.length).equals(MANGLED)) {
    return 'it looks like an aggregate that was read as UTF-8 text somewhere: every byte that is no text became EF BF BD, and is lost'
  }
  const head = bytes.subarray(0, LOOKED_AT)
  for (const [text, kind] of Object.entries(ENCODED)) {
    if (head.includes(text)) return `an aggregate in ${kind} (${text}…) stands in it: encoded twice, copied with what stood around it, or among lines of which one is broken (--input ${kind})?`
  }
  return undefined
}
