// The aggregator of a8m/kinesis-producer.
package main

import (
	"kplcodecbench/lines"

	producer "github.com/a8m/kinesis-producer"
)

func main() {
	lines.Serve(func(corpus *lines.Corpus) lines.Way {
		return lines.Way{
			Pass: func() (int, error) {
				sum := 0
				err := write(corpus, func(data []byte) { sum += len(data) })
				return sum, err
			},
			Prove: func() ([][]byte, error) {
				var parts [][]byte
				err := write(corpus, func(data []byte) { parts = append(parts, data) })
				return parts, err
			},
		}
	})
}

// It has no limit of its own: the producer around it counts.
func write(corpus *lines.Corpus, give func([]byte)) error {
	aggregator := new(producer.Aggregator)
	for _, group := range corpus.Groups {
		for _, record := range group {
			aggregator.Put(record.Data, record.Key)
		}
		entry, err := aggregator.Drain()
		if err != nil {
			return err
		}
		give(entry.Data)
	}
	return nil
}
