import { messageIn } from '../peers/frame.js'
import { protobufjs } from '../peers/protobufjs.js'
import { answer, bytes } from './answer.js'

answer(protobufjs.touch(messageIn(bytes)))
