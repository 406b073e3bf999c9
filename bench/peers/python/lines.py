"""Answers the benchmark on standard input and output, one line each:
load FILE; prove WAY FILE; time WAY PASSES."""

import struct
import sys
import time


def serve(ways):
    """`ways` gives for each way two functions of a corpus: a pass, and the outcome in parts."""
    corpus = None
    for line in sys.stdin:
        command, *words = line.rstrip("\n").split(" ", 2)
        try:
            if command == "load":
                corpus, answer = load(words[0]), ""
            else:
                answer = {"prove": prove, "time": measure}[command](ways[words[0]], corpus, words[1])
            print("ok", answer, flush=True)
        except Exception as error:  # the benchmark leaves the peer out, and says why
            print("error", repr(error).replace("\n", " "), flush=True)


def prove(way, corpus, file):
    run, outcome = way
    with open(file, "wb") as out:
        for part in outcome(corpus):
            out.write(struct.pack(">I", len(part)) + part)
    return run(corpus)


def measure(way, corpus, passes):
    run, _ = way
    touched = 0
    start, used = time.perf_counter_ns(), time.process_time_ns()
    for _ in range(int(passes)):
        touched = run(corpus)
    return f"{time.perf_counter_ns() - start} {time.process_time_ns() - used} {touched}"


def load(file):
    """The payloads, and the user records of each as key and data."""
    with open(file, "rb") as opened:
        content = opened.read()
    at = 0

    def number():
        nonlocal at
        at += 4
        return struct.unpack_from(">I", content, at - 4)[0]

    def part():
        nonlocal at
        length = number()
        at += length
        return content[at - length : at]

    payloads = [part() for _ in range(number())]
    groups = [[(part().decode(), part()) for _ in range(number())] for _ in range(number())]
    return payloads, groups
