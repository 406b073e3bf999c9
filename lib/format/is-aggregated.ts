import { isBytes, notData } from '../bytes.js'
import { FRAME_OVERHEAD } from './constants.js'

/**
 * The magic as base64, five letters and the first bits of a sixth, in 28 letters without
 * padding: 21 bytes. A shorter text has fewer, and padding at the end of 28 takes one away.
 */
const FRAMED_BASE64 = /^84maw[g-v][^=]{22}/

/**
 * Whether data looks like an aggregate: the magic `F3 89 9A C2` and more than
 * 16 bytes after it. The digest is not checked. Base64 text is told by its
 * beginning and length alone; bytes that were transferred (to a worker) are empty here.
 *
 * @param data a Kinesis record's data: bytes, or base64 text.
 * @throws KplError `ERR_KPL_INVALID_INPUT` for anything but bytes and text.
 */
export function isAggregated(data: Uint8Array | string): boolean {
  if (typeof data === 'string') return FRAMED_BASE64.test(data)
  return isBytes(data) ? isFramed(data) : notData(data, data === null ? 'null' : typeof data)
}

/** Whether bytes begin with the magic. */
export function beginsWithMagic(bytes: Uint8Array): boolean {
  return bytes[0] === 0xf3 && bytes[1] === 0x89 && bytes[2] === 0x9a && bytes[3] === 0xc2
}

/** {@link isAggregated} of bytes. As in the KCL's AggregatorUtil, 16 bytes or fewer after the magic are no aggregate. */
export function isFramed(bytes: Uint8Array): boolean {
  return bytes.length > FRAME_OVERHEAD && beginsWithMagic(bytes)
}
