// The deaggregator of awslabs for Go.
package main

import (
	"kplcodecbench/lines"

	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/awslabs/kinesis-aggregation/go/v2/deaggregator"
)

func main() {
	lines.Serve(func(corpus *lines.Corpus) lines.Way {
		records := make([]types.Record, len(corpus.Payloads))
		for n, data := range corpus.Payloads {
			records[n] = types.Record{Data: data}
		}
		return lines.Way{
			Pass: func() (int, error) {
				sum := 0
				read, err := deaggregator.DeaggregateRecords(records)
				for _, record := range read {
					sum += len(*record.PartitionKey) + len(record.Data)
				}
				return sum, err
			},
			Prove: func() ([][]byte, error) {
				var parts [][]byte
				read, err := deaggregator.DeaggregateRecords(records)
				for _, record := range read {
					parts = append(parts, []byte(*record.PartitionKey), record.Data)
				}
				return parts, err
			},
		}
	})
}
