import { deaggregate } from 'kpl-codec'
import { answer, bytes } from './answer.js'

let touched = 0
for (const { partitionKey, data } of deaggregate(bytes)) touched += partitionKey.length + data.length
answer(touched)
