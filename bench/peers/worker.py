"""The Python twin of worker/worker.hpp and worker/inputs.hpp: same lines, same inputs."""
import math
import sys
import timeit

import numpy as np


def uniform(n, seed):
    x = np.arange(n, dtype=np.uint32) + np.uint32(seed * 0x9E3779B9 & 0xFFFFFFFF)
    x = (x ^ (x >> 16)) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> 15)) * np.uint32(0x846CA68B)
    x ^= x >> 16
    return (x >> 8).astype(np.float32) * np.float32(2.0**-24)


def values(n, seed, scale=1.0, dtype=np.float32):
    two = np.float32(2)
    return (np.float32(scale) * (two * uniform(n, seed) - np.float32(1))).astype(dtype)


def mean_magnitude(a):
    return float(np.abs(a, dtype=np.float64).mean())


class Case:
    """A statement timed in a loop of its own (timeit), so that no Python call is added to it."""

    def __init__(self, statement, names, answer=lambda: math.nan):
        self.timer = timeit.Timer(statement, globals=names)
        self.answer = answer


def serve(about, makers):
    live = {}

    def reply(line):
        command, _, rest = line.partition(" ")
        if command == "list":
            return "\t".join(["cases", *makers])
        if command == "about":
            return "about " + about
        if command == "prepare":
            case = live[rest] = makers[rest]()
            case.timer.timeit(1)
            return f"answer {case.answer():.17g}"
        if command == "run":
            calls, _, name = rest.partition(" ")
            live[name].timer.timeit(1)
            return f"seconds {live[name].timer.timeit(int(calls)):.17g}"
        if command == "drop":
            live.pop(rest, None)
            return "dropped"
        return "error unknown command: " + line

    for line in sys.stdin:
        try:
            answer = reply(line.rstrip("\n"))
        except Exception as problem:  # reported to the other side, which decides
            answer = "error " + repr(problem).replace("\n", " ")
        print(answer, flush=True)
