// No reader at all: node:crypto, and the digest of the same bytes.
import { messageIn } from '../peers/frame.js'
import { answer, bytes, expected } from './answer.js'

messageIn(bytes)
answer(expected)
