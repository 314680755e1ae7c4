"""The table of what is compared: area, case, peer, goal, note, separated by tabs; lines beginning with # are comments."""
from dataclasses import dataclass

BUDGET_UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


class GoalsError(Exception):
    pass


@dataclass(frozen=True)
class Goal:
    area: str
    case: str
    peer: str
    goal: float  # 0: reported only
    note: str = ""

    @property
    def budget(self):
        """Seconds of a peer named like budget:40ns, else None."""
        kind, _, amount = self.peer.partition(":")
        if kind != "budget":
            return None
        digits = amount.rstrip("nums")
        try:
            return float(digits) * BUDGET_UNITS[amount[len(digits):]]
        except (ValueError, KeyError):
            raise GoalsError(f"goals: a budget is a number and one of ns us ms s, got {self.peer!r}") from None


def parse(text, origin="goals"):
    goals = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) < 4:
            raise GoalsError(f"{origin}:{number}: a row needs area, case, peer and goal, got {len(fields)} fields")
        try:
            goal = float(fields[3])
        except ValueError:
            raise GoalsError(f"{origin}:{number}: the goal must be a number, got {fields[3]!r}") from None
        row = Goal(*fields[:3], goal, fields[4] if len(fields) > 4 else "")
        row.budget  # a malformed budget is reported here, with the file at hand
        goals.append(row)
    return goals


def read(path):
    with open(path, encoding="utf-8") as file:
        return parse(file.read(), str(path))


def areas(goals):
    return list(dict.fromkeys(goal.area for goal in goals))


def by_case(goals):
    """Rows of one case together, in the order of their first row: they are measured in one interleaved run."""
    cases = {}
    for goal in goals:
        cases.setdefault(goal.case, []).append(goal)
    return cases
