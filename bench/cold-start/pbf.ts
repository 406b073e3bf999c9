import { messageIn } from '../peers/frame.js'
import { pbf } from '../peers/pbf.js'
import { answer, bytes } from './answer.js'

answer(pbf.touch(messageIn(bytes)))
