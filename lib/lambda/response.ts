import type { WindowState } from './event.js'

/** What Lambda wants to know, with `ReportBatchItemFailures`: where to start again, if anywhere. */
export interface BatchResponse {
  /** None, or the one Kinesis record that is to come again, and all after it. */
  batchItemFailures: { itemIdentifier: string }[]
}

/** The same of a tumbling window. */
export interface WindowResponse<T extends WindowState = Record<string, any>> extends BatchResponse {
  state: T
}
