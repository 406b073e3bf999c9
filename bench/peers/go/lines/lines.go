// Package lines answers the benchmark on standard input and output, one line each:
// load FILE; prove WAY FILE; time WAY PASSES.
package lines

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Record is a user record.
type Record struct {
	Key  string
	Data []byte
}

// Corpus is what is read, and what is written, by aggregate.
type Corpus struct {
	Payloads [][]byte
	Groups   [][]Record
}

// Way is a way of going through a corpus.
type Way struct {
	// Pass gives the number of bytes touched.
	Pass func() (int, error)
	// Prove gives the outcome, in parts that the benchmark knows.
	Prove func() ([][]byte, error)
}

// Serve answers until standard input ends.
func Serve(wayOf func(*Corpus) Way) {
	var way Way
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		words := strings.SplitN(input.Text(), " ", 3)
		answer, err := "", error(nil)
		switch words[0] {
		case "load":
			var corpus *Corpus
			if corpus, err = load(words[1]); err == nil {
				way = wayOf(corpus)
			}
		case "prove":
			answer, err = prove(way, words[2])
		case "time":
			answer, err = measure(way, words[2])
		}
		if err != nil {
			fmt.Println("error", strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("ok", answer)
		}
	}
}

func prove(way Way, file string) (string, error) {
	parts, err := way.Prove()
	if err != nil {
		return "", err
	}
	var out []byte
	for _, part := range parts {
		out = binary.BigEndian.AppendUint32(out, uint32(len(part)))
		out = append(out, part...)
	}
	if err := os.WriteFile(file, out, 0o600); err != nil {
		return "", err
	}
	sum, err := way.Pass()
	return strconv.Itoa(sum), err
}

func measure(way Way, text string) (string, error) {
	passes, err := strconv.Atoi(text)
	if err != nil {
		return "", err
	}
	sum := 0
	start, used := time.Now(), cpu()
	for n := 0; n < passes; n++ {
		if sum, err = way.Pass(); err != nil {
			return "", err
		}
	}
	return fmt.Sprint(time.Since(start).Nanoseconds(), cpu()-used, sum), nil
}

// cpu gives nanoseconds, of all threads.
func cpu() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

func load(file string) (*Corpus, error) {
	bytes, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	number := func() int {
		n := binary.BigEndian.Uint32(bytes)
		bytes = bytes[4:]
		return int(n)
	}
	part := func() []byte {
		n := number()
		found := bytes[:n:n]
		bytes = bytes[n:]
		return found
	}
	corpus := &Corpus{}
	for n := number(); n > 0; n-- {
		corpus.Payloads = append(corpus.Payloads, part())
	}
	for n := number(); n > 0; n-- {
		var group []Record
		for m := number(); m > 0; m-- {
			group = append(group, Record{string(part()), part()})
		}
		corpus.Groups = append(corpus.Groups, group)
	}
	return corpus, nil
}
