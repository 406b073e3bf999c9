// Byte strings, each after its length in four bytes: what goes to programs of other languages, and comes from them.

export function joined(parts: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.allocUnsafe(parts.reduce((sum, { length }) => sum + 4 + length, 0))
  let at = 0
  for (const part of parts) {
    at = bytes.writeUInt32BE(part.length, at)
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

export function split(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const start = at + 4
    at = start + bytes.readUInt32BE(at)
    parts.push(bytes.subarray(start, at))
  }
  return parts
}
