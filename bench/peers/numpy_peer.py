"""NumPy, as Debian ships it."""
import numpy as np

from worker import Case, mean_magnitude, serve, uniform, values


def add_out(n):
    names = {"add": np.add, "a": values(n, 1), "b": values(n, 2), "out": np.zeros(n, np.float32)}
    return Case("add(a, b, out=out)", names, lambda: mean_magnitude(names["out"]))


def add_new(n):
    names = {"a": values(n, 1), "b": values(n, 2)}
    return Case("a + b", names, lambda: mean_magnitude(names["a"] + names["b"]))


def sum_all(n):
    a = uniform(n, 1)
    return Case("a.sum()", {"a": a}, lambda: float(a.sum()))


def unary_out(function, n):
    names = {"f": function, "a": values(n, 1, 4.0), "out": np.zeros(n, np.float32)}
    return Case("f(a, out=out)", names, lambda: mean_magnitude(names["out"]))


def tanh_of_product(n):
    names = {"tanh": np.tanh, "a": values(n, 1), "b": values(n, 2), "c": values(n, 3)}
    return Case("tanh(a * b + c)", names, lambda: mean_magnitude(np.tanh(names["a"] * names["b"] + names["c"])))


def softmax(rows, columns):
    def of(x):
        e = np.exp(x - x.max(-1, keepdims=True))
        return e / e.sum(-1, keepdims=True)

    x = values(rows * columns, 1, 4.0).reshape(rows, columns)
    return Case("softmax(x)", {"softmax": of, "x": x}, lambda: mean_magnitude(of(x)))


def gemm(n, dtype):
    a, b = (values(n * n, seed, dtype=dtype).reshape(n, n) for seed in (1, 2))
    c = np.zeros((n, n), dtype)
    names = {"matmul": np.matmul, "a": a, "b": b, "c": c}
    return Case("matmul(a, b, out=c)", names, lambda: mean_magnitude(c))


def blas():
    with open("/proc/self/maps") as maps:
        return next((line[line.index("/"):].strip() for line in maps if "blas" in line), "none")


CASES = {
    "add_out n=100 f32": lambda: add_out(100),
    "add n=100 f32": lambda: add_new(100),
    "sum n=100 f32": lambda: sum_all(100),
    "add_out n=1e7 f32": lambda: add_out(10**7),
    "tanh n=1e7 f32": lambda: unary_out(np.tanh, 10**7),
    "exp n=1e5 f32": lambda: unary_out(np.exp, 10**5),
    "sum n=1e7 f32": lambda: sum_all(10**7),
    "sum n=1e5 f32": lambda: sum_all(10**5),
    "tanh(a*b+c) n=1e7 f32": lambda: tanh_of_product(10**7),
    "softmax 10000x1000 f32": lambda: softmax(10**4, 10**3),
}
for size in (256, 512, 1024, 2048):
    CASES[f"sgemm {size}"] = lambda n=size: gemm(n, np.float32)
    CASES[f"dgemm {size}"] = lambda n=size: gemm(n, np.float64)

serve(f"NumPy {np.__version__}, BLAS {blas()}", CASES)
