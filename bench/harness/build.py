"""Finds or builds the workers, and installs what they need."""
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
PACKAGES = ("python3-numpy", "python3-torch", "libtorch-dev", "libeigen3-dev", "libopenblas-dev", "libbenchmark-dev")
CPP_WORKERS = {"ours": ["compare_ours"], "libtorch": ["compare_libtorch"], "openblas": ["compare_openblas"],
               "eigen": ["compare_eigen"], "limit": ["compare_limit"], "streaming": ["compare_limit", "--streaming"]}


def setup(say):
    say("the peers: " + " ".join(PACKAGES))
    script = "source cmake/packages.sh && install_packages \"$@\""
    return subprocess.call(["bash", "-c", script, "bench/compare", *PACKAGES], cwd=ROOT)


def build(directory, say):
    """Builds the workers whose packages are there; True when that went well."""
    configure = ["cmake", str(directory)] if (directory / "CMakeCache.txt").exists() else \
        ["cmake", "--preset", "release", "-B", str(directory)]
    # Configuring again finds packages installed since.
    for command in (configure, ["cmake", "--build", str(directory), "--target", "bench-peers"]):
        say("$ " + " ".join(command))
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            say(done.stdout)
            return False
    return True


def commands(directory):
    """How each worker that can be started is started."""
    found = {"numpy": [sys.executable, str(BENCH / "peers" / "numpy_peer.py")]}
    for name, (program, *flags) in CPP_WORKERS.items():
        path = directory / "bin" / program
        if path.exists():
            found[name] = [str(path), *flags]
    return found
