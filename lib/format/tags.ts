import { checkInput, checkText } from '../errors.js'
import { type Reader, malformed } from '../wire/reader.js'
import { headSize, writeHead } from '../wire/field.js'
import { TAG_TAGS, TAG_TAG_KEY, TAG_TAG_VALUE } from './constants.js'

/** A tag of a user record: in the format, but never written by the KPL. */
export interface Tag {
  readonly key: string
  readonly value: string | undefined
}

type TagInput = { readonly key: string; readonly value?: string | undefined }

/** Reads a Tag message, its length before it; `reader` stands behind it afterwards. */
export function readTag(reader: Reader): Tag {
  const start = reader.pos
  const outer = reader.end
  const next = (reader.end = reader.delimited())
  let key: string | undefined
  let value: string | undefined
  while (reader.pos < next) {
    const tag = reader.tag()
    if (tag === TAG_TAG_KEY) key = reader.text()
    else if (tag === TAG_TAG_VALUE) value = reader.text()
    else reader.skip(tag, 2)
  }
  if (key === undefined) malformed('a tag without a key', start)
  reader.end = outer
  return { key, value }
}

/** The tags of the user record whose length `reader` stands at. A function of its own: within `MessageIndex.tags` it costs 10 ns a record, whether there are any or not. */
export function readTags(reader: Reader): Tag[] {
  const tags: Tag[] = []
  reader.end = reader.delimited()
  while (reader.pos < reader.end) {
    const tag = reader.tag()
    if (tag === TAG_TAGS) tags.push(readTag(reader))
    else reader.skip(tag)
  }
  return tags
}

/**
 * A user record's tags as its last fields; `undefined` where there are none.
 *
 * @throws KplError `ERR_KPL_INVALID_INPUT`
 */
export function encodeTags(tags: readonly TagInput[]): Buffer | undefined {
  checkInput(Array.isArray(tags), 'tags must be an array', tags)
  if (tags.length === 0) return undefined
  return Buffer.concat(Array.from(tags as readonly TagInput[], encodeTag))
}

function encodeTag(tag: TagInput): Buffer {
  const { key, value } = Object(tag) as TagInput
  const fields = [encodeText(TAG_TAG_KEY, key)]
  if (value !== undefined) fields.push(encodeText(TAG_TAG_VALUE, value))
  return delimit(TAG_TAGS, Buffer.concat(fields))
}

function encodeText(tag: number, text: string): Buffer {
  checkText(text, 'key and value of a tag', 'ERR_KPL_INVALID_INPUT')
  return delimit(tag, Buffer.from(text))
}

function delimit(tag: number, value: Buffer): Buffer {
  const field = Buffer.alloc(headSize(value.length) + value.length)
  field.set(value, writeHead(field, 0, tag, value.length))
  return field
}
