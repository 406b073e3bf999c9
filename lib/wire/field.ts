// The head of a field: its tag, of one byte, and a number below 2^32, which is its value or the length of what follows.

/** How many bytes a head takes. */
export function headSize(value: number): number {
  return value < 0x80 ? 2 : value < 0x4000 ? 3 : value < 0x20_0000 ? 4 : value < 0x1000_0000 ? 5 : 6
}

/** Writes a head, the number as a minimal varint, and returns the position after it. */
export function writeHead(bytes: Uint8Array, pos: number, tag: number, value: number): number {
  bytes[pos++] = tag
  // Of a number an array of bytes takes the low eight bits.
  for (; value >= 0x80; value >>>= 7) bytes[pos++] = value | 0x80
  bytes[pos] = value
  return pos + 1
}
