// A peer that is told where each aggregate ends: kpl-codec counts by itself, they need not.
import type { Corpus, Input } from '../corpus.js'
import type { Way } from '../ways/way.js'
import { proveWriting } from '../ways/writing.js'

export function writeGroups({ groups, inputs }: Corpus, write: (group: readonly Input[]) => Buffer): Way {
  return {
    run: () => {
      let sum = 0
      for (const group of groups) sum += write(group).length
      return sum
    },
    prove: () => proveWriting(inputs, groups.map(write)),
  }
}
