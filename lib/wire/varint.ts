/** How many bytes a number below 2^35 takes as a minimal varint. */
export function varintSize(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5
}

/** Writes an unsigned 32-bit number as a minimal varint and returns the position after it. */
export function writeVarint(bytes: Uint8Array, pos: number, value: number): number {
  while (value >= 0x80) {
    bytes[pos++] = (value & 0x7f) | 0x80
    value >>>= 7
  }
  bytes[pos++] = value
  return pos
}
