"""What the figures of bench/compare rest on."""
import sys
import textwrap
import unittest
from pathlib import Path

from harness import goals, measure, report, workers

GOALS = Path(__file__).resolve().parent.parent / "goals.tsv"

# A worker whose call takes the milliseconds its case is named after, without sleeping.
FAKE_WORKER = textwrap.dedent("""
    import sys
    for line in sys.stdin:
        command, _, rest = line.rstrip("\\n").partition(" ")
        if command == "list": print("cases\\t1\\t4\\tbroken", flush=True)
        elif command == "about": print("about fake", flush=True)
        elif rest.endswith("broken"): sys.exit(3)
        elif command == "prepare": print("answer", 7.0 if sys.argv[1] == "honest" else 8.0, flush=True)
        elif command == "run": print("seconds", int(rest.split(" ")[0]) * float(rest.split(" ")[1]) * 1e-3, flush=True)
        else: print("dropped", flush=True)
""")


def fake(kind="honest"):
    return workers.Worker(kind, [sys.executable, "-c", FAKE_WORKER, kind])


class GoalsFile(unittest.TestCase):
    def test_ours_reads_and_names_each_case_and_peer_once(self):
        rows = goals.read(GOALS)
        self.assertEqual(goals.areas(rows)[:4], ["small", "elementwise", "matmul", "train"])
        self.assertEqual(len(rows), len({(row.area, row.case, row.peer) for row in rows}))

    def test_a_row_keeps_its_fields(self):
        row, = goals.parse("# comment\n\nsmall\tadd n=100 f32\tnumpy\t6\tnew array\n")
        self.assertEqual(row, goals.Goal("small", "add n=100 f32", "numpy", 6.0, "new array"))

    def test_a_budget_is_a_time(self):
        row, = goals.parse("small\tadd\tbudget:40ns\t1")
        self.assertAlmostEqual(row.budget, 40e-9)

    def test_a_malformed_row_is_named(self):
        for text, reason in (("small\tadd\tnumpy", "got 3 fields"), ("small\tadd\tnumpy\tfast", "got 'fast'"),
                             ("small\tadd\tbudget:40kg\t1", "'budget:40kg'")):
            with self.assertRaisesRegex(goals.GoalsError, reason):
                goals.parse(text)


class Ratios(unittest.TestCase):
    def test_the_ratio_is_the_median_over_pairs(self):
        r = measure.ratio([1.0, 2.0, 4.0], [2.0, 2.0, 2.0])
        self.assertEqual((r.median, round(r.low, 9), round(r.high, 9)), (1.0, 0.55, 1.9))

    def test_a_goal_is_missed_only_when_the_interval_lies_below_it(self):
        r = measure.Ratio(median=0.9, low=0.8, high=1.1)
        self.assertEqual([r.verdict(goal) for goal in (0.9, 1.0, 1.2, 0)], ["met", "unclear", "missed", "-"])

    def test_quantiles_interpolate(self):
        self.assertEqual(measure.quantile([3, 1, 2], 0.25), 1.5)


class Interleaving(unittest.TestCase):
    def setUp(self):
        self.open = []

    def tearDown(self):
        for worker in self.open:
            worker.close()

    def worker(self, kind="honest"):
        self.open.append(fake(kind))
        return self.open[-1]

    def test_every_side_is_visited_once_per_round_for_about_a_slice(self):
        sides = [measure.Side(self.worker(), "1"), measure.Side(self.worker(), "4")]
        measure.interleave(sides, measure.Plan(pairs=31, slice_seconds=0.02))
        self.assertEqual([len(side.times) for side in sides], [31, 31])
        self.assertEqual([side.calls for side in sides], [20, 5])
        self.assertAlmostEqual(measure.ratio(sides[0].times, sides[1].times).median, 4.0)

    def test_sides_that_compute_different_things_are_refused(self):
        sides = [measure.Side(self.worker(), "1"), measure.Side(self.worker("wrong"), "1")]
        with self.assertRaisesRegex(measure.MeasureError, "honest 7, wrong 8"):
            measure.interleave(sides, measure.Plan())

    def test_a_worker_that_dies_is_reported_with_its_status(self):
        with self.assertRaisesRegex(workers.WorkerError, "broken.*status 3"):
            measure.interleave([measure.Side(self.worker(), "broken")], measure.Plan())


class Table(unittest.TestCase):
    def test_a_row_holds_plain_numbers_for_ratio_and_goal(self):
        cells = report.measured(goals.Goal("small", "add", "numpy", 6.0), [50e-9] * 31, [400e-9] * 31)
        self.assertEqual(cells[:6], ("add", "50 ns", "400 ns", "numpy", "8", "6"))

    def test_durations_keep_three_digits(self):
        self.assertEqual([report.duration(t) for t in (3.14159e-8, 2.5e-6, 0.123456, 12.0)],
                         ["31.4 ns", "2.5 us", "123 ms", "12 s"])


if __name__ == "__main__":
    unittest.main()
