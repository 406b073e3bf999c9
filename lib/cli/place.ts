/** Where a record stands. Lines and records count from 1, bytes from 0. */
export interface Place {
  readonly file: string
  readonly line?: number | undefined
  readonly record?: number | undefined
  readonly byte?: number | undefined
}

/** In full, for messages: `events.ndjson:17`, `event.json record 3`. */
export function named({ file, line, record, byte }: Place): string {
  const name = file === '-' ? 'standard input' : file
  const parts = [line === undefined ? name : `${name}:${line}`]
  if (record !== undefined) parts.push(`record ${record}`)
  if (byte !== undefined) parts.push(`at byte ${byte}`)
  return parts.join(' ')
}

/** In short, for a table: `17`, `3`. */
export function numbered({ line, record }: Place): string {
  return line === undefined ? String(record ?? 1) : record === undefined ? String(line) : `${line}.${record}`
}
