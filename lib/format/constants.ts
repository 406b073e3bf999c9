// The aggregated record as aggregation-format.md in awslabs/amazon-kinesis-producer
// fixes it: magic, an AggregatedRecord message, the MD5 of the message.

export const MAGIC_LENGTH = 4
export const DIGEST_LENGTH = 16
/** What the magic and the digest add to the message, in bytes. */
export const FRAME_OVERHEAD = MAGIC_LENGTH + DIGEST_LENGTH

/** F3 89 9A C2, as one big-endian number. */
export const MAGIC = 0xf389_9ac2

// Tags: field number times 8 plus wire type (0 = varint, 2 = length-delimited).
/** AggregatedRecord.partition_key_table = 1. */
export const TAG_PARTITION_KEY = 0x0a
/** AggregatedRecord.explicit_hash_key_table = 2. */
export const TAG_EXPLICIT_HASH_KEY = 0x12
/** AggregatedRecord.records = 3. */
export const TAG_RECORD = 0x1a
/** Record.partition_key_index = 1. */
export const TAG_PARTITION_KEY_INDEX = 0x08
/** Record.explicit_hash_key_index = 2. */
export const TAG_EXPLICIT_HASH_KEY_INDEX = 0x10
/** Record.data = 3. */
export const TAG_DATA = 0x1a
/** Record.tags = 4. */
export const TAG_TAGS = 0x22
/** Tag.key = 1. */
export const TAG_TAG_KEY = 0x0a
/** Tag.value = 2. */
export const TAG_TAG_VALUE = 0x12
