"""One worker process per library; the protocol is described in worker/worker.hpp."""
import os
import subprocess

# Peers run on one thread; ours sets its own number per case.
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")}

OURS = "ours"
SELF = " (self)"  # our worker offers the other side of a self row under the case's name with this added


class WorkerError(Exception):
    pass


class Worker:
    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **ONE_THREAD})
        self.about = self.ask("about", "about")
        self.cases = set(self.ask("list", "cases", "\t").split("\t"))

    def ask(self, line, expected, separator=" "):
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline().rstrip("\n")
        except BrokenPipeError:
            answer = ""
        word, _, rest = answer.partition(separator)
        if word != expected:
            reason = rest if word == "error" else answer or f"it ended with status {self.process.wait()}"
            raise WorkerError(f"{self.name}: {line}: {reason}")
        return rest

    def prepare(self, case):
        return float(self.ask(f"prepare {case}", "answer"))

    def run(self, case, calls):
        return float(self.ask(f"run {calls} {case}", "seconds"))

    def drop(self, case):
        self.ask(f"drop {case}", "dropped")

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Workers:
    """Starts each worker when it is first needed; one that is not built or does not start is None ever after."""

    def __init__(self, commands, say):
        self.commands = commands
        self.say = say
        self.started = {}

    def get(self, name):
        if name not in self.started:
            self.started[name] = self.start(name)
        return self.started[name]

    def start(self, name):
        command = self.commands.get(name)
        if command is None:
            self.say(f"{name}: not built; bench/compare --setup installs the peers' packages")
            return None
        try:
            worker = Worker(name, command)
        except (OSError, WorkerError) as problem:
            self.say(f"{name}: does not start: {problem}")
            return None
        self.say(f"{name}: {worker.about}")
        return worker

    def close(self):
        for worker in self.started.values():
            if worker is not None:
                worker.close()
