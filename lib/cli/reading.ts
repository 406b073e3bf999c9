import type { Option } from './arguments.js'
import { KINDS } from './input/kind.js'

// What the commands that read Kinesis records have in common.

export const INPUT: Option = { value: 'KIND', short: 'i', choices: KINDS, fallback: 'auto', about: 'what the input is, where its beginning does not tell' }

export const MISMATCH: Option = {
  value: 'WHAT',
  choices: ['passthrough', 'error'],
  fallback: 'passthrough',
  about: 'what the magic with a wrong MD5 is: a plain payload that begins so, or an error',
}

export const MALFORMED: Option = {
  value: 'WHAT',
  choices: ['error', 'passthrough'],
  fallback: 'error',
  about: 'what the right MD5 of bytes that are no message is: an error, or a plain payload',
}

export const INPUT_NOTES: readonly string[] = [
  'Without FILE, or for -, standard input is read. Its beginning tells what an input is:',
  '  json    a Lambda event, a GetRecords reply, an array or single records of any shape',
  '  ndjson  the same, one in each line',
  '  base64  one record in each line, or one over several lines',
  '  hex     the same in hexadecimal digits',
  "  raw     a Kinesis record's data itself; of aggregates also many, back to back",
  'Each of them may be gzipped. Text in JSON records is base64, as the services send it.',
]
