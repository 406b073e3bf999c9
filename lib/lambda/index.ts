// So that Buffer and Transform are known to users whose compiler includes no types unasked, as TypeScript 6 and 7 do.
/// <reference types="node" preserve="true" />
export { processBatch } from './process-batch.js'
export { toEvent } from './to-event.js'
export { idempotencyKey } from './idempotency-key.js'

export type { KinesisEvent, WindowEvent, WindowState } from './event.js'
export type { ProcessBatchOptions } from './options.js'
export type { BatchResponse, WindowResponse } from './response.js'
