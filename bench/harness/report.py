"""The table: case | ours | peer | name | ratio | goal, then the 90 % interval of the ratio, the verdict, our 95th percentile."""
import statistics

from . import measure

HEADER = ("case", "ours", "peer", "name", "ratio", "goal", "90 %", "verdict", "ours p95")
NOT_BUILT = "not built"


def duration(seconds):
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}" if seconds / size < 100 else f"{seconds / size:.0f} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def measured(goal, ours, peer):
    r = measure.ratio(ours, peer)
    return (goal.case, duration(statistics.median(ours)), duration(statistics.median(peer)), goal.peer,
            f"{r.median:.3g}", f"{goal.goal:g}", f"{r.low:.3g}..{r.high:.3g}", r.verdict(goal.goal),
            duration(measure.quantile(ours, 0.95)))


def unmeasured(goal, ours, peer):
    return (goal.case, ours, peer, goal.peer, "-", f"{goal.goal:g}", "-", "not measured", "-")


def widths(goals):
    """Columns wide enough for these rows before any is measured, so that each can be printed as it comes."""
    least = [len(text) for text in HEADER]
    least[0] = max([least[0], *(len(goal.case) for goal in goals)])
    least[3] = max([least[3], *(len(goal.peer) for goal in goals)])
    least[1] = least[2] = len(NOT_BUILT)
    least[4], least[5], least[6], least[7] = 6, 5, 11, len("not measured")
    return least


def line(cells, columns):
    return " | ".join(cell.ljust(width) for cell, width in zip(cells, columns)).rstrip()
