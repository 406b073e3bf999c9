// What a payload looks like that was an aggregate once.

/** What becomes of the magic and the first tag where bytes were read as UTF-8: U+FFFD for what is none. */
const MANGLED = Buffer.from('efbfbdefbfbd0a', 'hex')

/** How an aggregate begins in base64. */
const BASE64 = Buffer.from('84mawg')

/** So many bytes of a payload are looked at. */
const LOOKED_AT = 4096

/** What has become of the aggregate that a payload seems to have been; `undefined` of nearly all. */
export function damageOf(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, MANGLED.length).equals(MANGLED)) {
    return 'it looks like an aggregate that was read as UTF-8 text somewhere: every byte that is no text became EF BF BD, and is lost'
  }
  if (!bytes.subarray(0, LOOKED_AT).includes(BASE64)) return undefined
  return "an aggregate's base64 (84mawg…) stands in it: encoded twice, or copied with what stood around it?"
}
