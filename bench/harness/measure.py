"""Interleaved timing: every side in turn, many rounds, so that the machine's drift falls on all alike."""
import math
import statistics
import subprocess
import sys
from dataclasses import dataclass, field

MINIMUM_PAIRS = 31
ANSWER_TOLERANCE = 2e-3  # relative; f32 with different orders of summation


class MeasureError(Exception):
    pass


@dataclass(frozen=True)
class Plan:
    pairs: int = MINIMUM_PAIRS
    slice_seconds: float = 0.02  # each visit repeats its call for about this long
    single_calls: bool = False  # one call per visit, its own time kept
    competitor: bool = False  # a process of ours keeps one core busy meanwhile


@dataclass
class Side:
    worker: object
    case: str
    calls: int = 1
    times: list = field(default_factory=list)  # seconds per call, one per round

    def visit(self):
        return self.worker.run(self.case, self.calls) / self.calls

    def calibrate(self, slice_seconds):
        self.calls = 1
        while (taken := self.worker.run(self.case, self.calls)) < slice_seconds / 2:
            grow = slice_seconds / taken if taken > 0 else 16
            self.calls = math.ceil(self.calls * min(grow, 16)) + 1
        self.calls = max(1, round(self.calls * slice_seconds / taken))


class BusyProcess:
    def __init__(self, wanted):
        self.wanted = wanted

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if self.wanted else None

    def __exit__(self, *_):
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def check_same_answers(sides, answers):
    known = [(side, answer) for side, answer in zip(sides, answers) if not math.isnan(answer)]
    for side, answer in known[1:]:
        first, expected = known[0]
        if not math.isclose(answer, expected, rel_tol=ANSWER_TOLERANCE):
            raise MeasureError(f"{side.case}: the sides computed different things: "
                               f"{first.worker.name} {expected:g}, {side.worker.name} {answer:g}")


def interleave(sides, plan):
    """Fills side.times. Raises MeasureError when the answers differ, WorkerError when a worker fails."""
    prepared = []
    try:
        answers = []
        for side in sides:
            answers.append(side.worker.prepare(side.case))
            prepared.append(side)
        check_same_answers(sides, answers)
        with BusyProcess(plan.competitor):
            if not plan.single_calls:
                for side in sides:
                    side.calibrate(plan.slice_seconds)
            for turn in range(plan.pairs):
                # Every other round backwards: a linear drift cancels within two rounds.
                for side in sides if turn % 2 == 0 else reversed(sides):
                    side.times.append(side.visit())
    finally:
        for side in prepared:
            side.worker.drop(side.case)


def quantile(values, share):
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@dataclass(frozen=True)
class Ratio:
    """Peer time / our time over the pairs: their median and their 90 % interval."""

    median: float
    low: float
    high: float

    def verdict(self, goal):
        if goal == 0:
            return "-"
        if self.median >= goal:
            return "met"
        return "missed" if self.high < goal else "unclear"


def ratio(ours, peer):
    pairs = [theirs / mine for mine, theirs in zip(ours, peer)]
    return Ratio(statistics.median(pairs), quantile(pairs, 0.05), quantile(pairs, 0.95))
