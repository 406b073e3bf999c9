// Limits and defaults of Kinesis and of the KPL. A file without imports: a bundler then writes the numbers in place of the names.

/** Characters of a partition key. */
export const MAX_PARTITION_KEY = 256
/** A stream's maximum record size, data and partition key together. */
export const DEFAULT_RECORD_SIZE = 1_048_576
/** What UpdateMaxRecordSize allows. */
export const LARGEST_RECORD_SIZE = 10_485_760
/** One PutRecords request: how many entries, how many bytes, and how many by default. */
export const LARGEST_REQUEST_COUNT = 500
export const LARGEST_REQUEST_SIZE = 10_485_760
export const DEFAULT_REQUEST_SIZE = 5_242_880
/** The KPL's defaults, and the outer partition key that it writes (`AggregatedRecord` in its kinesis_record.cc). */
export const KPL_AGGREGATION_MAX_SIZE = 51_200
export const KPL_AGGREGATION_MAX_COUNT = 4_294_967_295
export const KPL_OUTER_KEY = 'a'
