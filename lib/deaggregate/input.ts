// What goes in. Structural: no types of the SDK or of Lambda are imported.

type Bytes = Uint8Array | string
type Timestamp = Date | number | string | null | undefined

/** A `Record` of AWS SDK v2 or v3. `object` because v2 types `Data` as an empty `Blob` interface. */
export interface SdkRecord {
  readonly Data: string | object | undefined
  readonly PartitionKey?: string | null | undefined
  readonly SequenceNumber?: string | undefined
  readonly ApproximateArrivalTimestamp?: Timestamp
}

/** The `kinesis` member of a Lambda event record; EventBridge Pipes and aws-kcl send the like. Text is base64. */
export interface KinesisPayload {
  readonly data: Bytes
  readonly partitionKey?: string | null | undefined
  readonly sequenceNumber?: string | undefined
  /** Given by readers that have deaggregated already; such a record is delivered as it is. */
  readonly subSequenceNumber?: number | string | null | undefined
  readonly approximateArrivalTimestamp?: Timestamp
  readonly eventID?: string | undefined
}

/** A record of a Lambda event. */
export interface LambdaRecord {
  readonly kinesis: KinesisPayload
  readonly eventID?: string | undefined
}

interface StreamMetadata {
  readonly sequenceNumber?: string | undefined
  readonly subsequenceNumber?: number | string | null | undefined
  readonly partitionKey?: string | null | undefined
  readonly shardId?: string | undefined
  readonly approximateArrivalTimestamp?: Timestamp
}

/** A record of a Firehose transform (a Direct PUT source sends no metadata) or of Kinesis Analytics. */
export interface FirehoseRecord {
  readonly recordId: string
  readonly data: Bytes
  readonly approximateArrivalTimestamp?: Timestamp
  readonly kinesisRecordMetadata?: StreamMetadata | null | undefined
  readonly kinesisStreamRecordMetadata?: StreamMetadata | null | undefined
}

/** Every shape of a Kinesis record that is read. They are told apart by their members, not by a setting. */
export type KinesisInput = Uint8Array | SdkRecord | LambdaRecord | KinesisPayload | FirehoseRecord
