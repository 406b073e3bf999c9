// The wire types of protobuf, the low three bits of a tag. A file without imports: a bundler then writes the numbers in place of the names.

export const VARINT = 0
export const EIGHT_BYTES = 1
export const LENGTH_DELIMITED = 2
export const START_GROUP = 3
export const END_GROUP = 4
