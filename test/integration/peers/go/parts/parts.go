// Package parts has byte strings, each after its length in four bytes; a message is one byte string of them.
package parts

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
)

// Command answers a message: its parts after the command's name.
type Command func(parts [][]byte) ([][]byte, error)

// Serve answers the messages on standard input.
func Serve(commands map[string]Command) {
	in := bufio.NewReader(os.Stdin)
	out := os.Stdout
	// A library that prints would break into an answer.
	os.Stdout = os.Stderr
	for {
		var length [4]byte
		if _, err := io.ReadFull(in, length[:]); err != nil {
			return
		}
		message := make([]byte, binary.BigEndian.Uint32(length[:]))
		if _, err := io.ReadFull(in, message); err != nil {
			return
		}
		asked := Split(message)
		if _, err := out.Write(Joined(answer(commands[string(asked[0])], asked[1:]))); err != nil {
			return
		}
	}
}

func answer(command Command, asked [][]byte) (reply []byte) {
	defer func() {
		if reason := recover(); reason != nil {
			reply = Joined([]byte("error"), []byte(fmt.Sprint(reason)))
		}
	}()
	given, err := command(asked)
	if err != nil {
		return Joined([]byte("error"), []byte(err.Error()))
	}
	return Joined(append([][]byte{[]byte("ok")}, given...)...)
}

// Joined puts parts together.
func Joined(parts ...[]byte) []byte {
	size := 0
	for _, part := range parts {
		size += 4 + len(part)
	}
	joined := make([]byte, 0, size)
	for _, part := range parts {
		joined = binary.BigEndian.AppendUint32(joined, uint32(len(part)))
		joined = append(joined, part...)
	}
	return joined
}

// Split takes them apart.
func Split(bytes []byte) [][]byte {
	var parts [][]byte
	for len(bytes) > 0 {
		end := 4 + binary.BigEndian.Uint32(bytes)
		parts = append(parts, bytes[4:end])
		bytes = bytes[end:]
	}
	return parts
}
