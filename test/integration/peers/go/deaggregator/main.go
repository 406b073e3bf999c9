// The deaggregator of awslabs for Go. "read": the data of Kinesis records; a reading of each.
package main

import (
	"fmt"
	"strconv"

	"kplcodecpeers/parts"

	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/awslabs/kinesis-aggregation/go/v2/deaggregator"
)

func main() {
	parts.Serve(map[string]parts.Command{"read": func(payloads [][]byte) ([][]byte, error) {
		readings := make([][]byte, len(payloads))
		for n, data := range payloads {
			readings[n] = read(data)
		}
		return readings, nil
	}})
}

func read(data []byte) (reading []byte) {
	defer func() {
		if reason := recover(); reason != nil {
			reading = parts.Joined([]byte(fmt.Sprint(reason)))
		}
	}()
	outer := "outer"
	records, err := deaggregator.DeaggregateRecords([]types.Record{{Data: data, PartitionKey: &outer}})
	if err != nil {
		return parts.Joined([]byte(err.Error()))
	}
	given := [][]byte{[]byte("ok")}
	for n, record := range records {
		// What is no aggregate it gives back as it is, keys and all.
		aggregated := "1"
		if record.PartitionKey == &outer {
			aggregated = "0"
		}
		given = append(given, []byte(aggregated), []byte(*record.PartitionKey), nil, []byte(strconv.Itoa(n)), record.Data)
	}
	return parts.Joined(given...)
}
