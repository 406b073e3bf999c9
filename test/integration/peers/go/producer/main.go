// The producer of a8m. "write": a part with three for each user record; what came of them.
package main

import (
	"time"

	"kplcodecpeers/parts"

	producer "github.com/a8m/kinesis-producer"
	"github.com/aws/aws-sdk-go/service/kinesis"
)

func main() {
	parts.Serve(map[string]parts.Command{"write": write})
}

// It knows no explicit hash keys: the second part of each is not looked at.
func write(asked [][]byte) ([][]byte, error) {
	records := parts.Split(asked[0])
	taker := new(stream)
	// One request at a time, and none because of the clock.
	p := producer.New(&producer.Config{StreamName: "any", Client: taker, Logger: silent{}, MaxConnections: 1, FlushInterval: time.Hour})
	p.Start()
	var written [][]byte
	for n := 0; n < len(records); n += 3 {
		if err := p.Put(records[n+2], string(records[n])); err != nil {
			written = append(written, parts.Joined([]byte("refused: "+err.Error())))
		}
	}
	p.Stop()
	for _, entry := range taker.taken {
		written = append(written, parts.Joined([]byte("ok"), []byte(*entry.PartitionKey), nil, entry.Data))
	}
	return written, nil
}

// Takes all that it is sent.
type stream struct {
	taken []*kinesis.PutRecordsRequestEntry
}

func (s *stream) PutRecords(input *kinesis.PutRecordsInput) (*kinesis.PutRecordsOutput, error) {
	s.taken = append(s.taken, input.Records...)
	return &kinesis.PutRecordsOutput{FailedRecordCount: new(int64)}, nil
}

type silent struct{}

func (silent) Info(string, ...producer.LogValue)         {}
func (silent) Error(string, error, ...producer.LogValue) {}
