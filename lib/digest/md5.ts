import { hash } from 'node:crypto'

/** The MD5 of bytes, or of a text's UTF-8, as 32 hexadecimal digits: a Buffer takes 0.6 µs to make, as long as MD5 of 400 bytes. */
export function md5(input: Uint8Array | string): string {
  return hash('md5', input, 'hex')
}
