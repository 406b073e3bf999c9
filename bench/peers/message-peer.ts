// What a program does that has a protobuf library and no codec: magic and digest by hand, the rest
// by the library. It is done as cheaply as can be: user records are touched where the library put
// them, and a writer is told where each aggregate ends instead of counting bytes.
import type { Corpus, Input } from '../corpus.js'
import { proveReading } from '../ways/reading.js'
import type { Prepare, Way } from '../ways/way.js'
import { framed, messageIn } from './frame.js'
import { writeGroups } from './group-writer.js'

export interface Message {
  readonly keys: readonly string[]
  readonly explicitKeys: readonly string[]
  readonly records: readonly Member[]
}

export interface Member {
  readonly keyIndex: number
  readonly explicitKeyIndex: number | undefined
  readonly data: Uint8Array
}

/** Each library touches by a loop of its own: one shared by all would be slower for each. */
export interface MessageLibrary {
  /** Decodes, and gives how many bytes the keys and data of all user records have. */
  touch(message: Uint8Array): number
  read(message: Uint8Array): { readonly partitionKey: string; readonly data: Uint8Array }[]
  encode(message: Message): Uint8Array
}

export function messagePeer(library: MessageLibrary): Readonly<Record<'read' | 'write', Prepare>> {
  return { read: (corpus) => reader(library, corpus), write: (corpus) => writer(library, corpus) }
}

function reader(library: MessageLibrary, { payloads, inputs }: Corpus): Way {
  return {
    run: () => {
      let sum = 0
      for (const bytes of payloads) sum += library.touch(messageIn(bytes))
      return sum
    },
    prove: () => proveReading(inputs.map(withoutExplicitHashKey), payloads.flatMap((bytes) => library.read(messageIn(bytes)))),
  }
}

/** Not all of the peers hand it out. */
export function withoutExplicitHashKey({ partitionKey, data }: Input): Input {
  return { partitionKey, data }
}

function writer({ encode }: MessageLibrary, corpus: Corpus): Way {
  return writeGroups(corpus, (group) => framed(encode(messageOf(group))))
}

function messageOf(group: readonly Input[]): Message {
  const keys = new Map<string, number>()
  const explicitKeys = new Map<string, number>()
  const records = group.map(({ partitionKey, explicitHashKey, data }) => ({
    keyIndex: indexIn(keys, partitionKey),
    explicitKeyIndex: explicitHashKey === undefined ? undefined : indexIn(explicitKeys, explicitHashKey),
    data,
  }))
  return { keys: [...keys.keys()], explicitKeys: [...explicitKeys.keys()], records }
}

function indexIn(table: Map<string, number>, key: string): number {
  const index = table.get(key) ?? table.size
  table.set(key, index)
  return index
}
