import { hash } from 'node:crypto'

/** The 16-byte MD5 of bytes, or of a text's UTF-8. */
export function md5(input: Uint8Array | string): Buffer {
  return hash('md5', input, 'buffer')
}

/** The same as 32 hexadecimal digits. */
export function md5Hex(input: string): string {
  return hash('md5', input, 'hex')
}
