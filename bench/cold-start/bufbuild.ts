import { messageIn } from '../peers/frame.js'
import { bufbuild } from '../peers/bufbuild.js'
import { answer, bytes } from './answer.js'

answer(bufbuild.touch(messageIn(bytes)))
