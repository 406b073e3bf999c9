"""Byte strings, each after its length in four bytes; a message is one byte string of them."""

import os
import struct
import sys


def serve(commands):
    """Answers the messages on standard input; a command takes parts and gives parts."""
    # A library that prints would break into an answer.
    out, sys.stdout = os.fdopen(os.dup(1), "wb"), sys.stderr
    while length := sys.stdin.buffer.read(4):
        command, *parts = split(sys.stdin.buffer.read(struct.unpack(">I", length)[0]))
        try:
            answer = joined([b"ok", *commands[command.decode()](parts)])
        except Exception as error:
            answer = joined([b"error", repr(error).encode()])
        out.write(joined([answer]))
        out.flush()


def joined(parts):
    return b"".join(piece for part in parts for piece in (struct.pack(">I", len(part)), part))


def split(content):
    parts, at = [], 0
    while at < len(content):
        start = at + 4
        at = start + struct.unpack_from(">I", content, at)[0]
        parts.append(content[start:at])
    return parts


def explicit(key):
    """An explicit hash key as a part."""
    return b"" if key is None else b"+" + key.encode()
