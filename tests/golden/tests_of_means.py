"""Makes the figures of tests/Training.Tests/Golden/statistics.json with SciPy, from the samples in it.

    python tests_of_means.py            writes the file
    python tests_of_means.py --check    compares it with what is there
"""

import argparse
import json
import math
import sys
from pathlib import Path

import numpy
import scipy
from scipy import stats

FILE = Path(__file__).resolve().parent.parent / "Training.Tests" / "Golden" / "statistics.json"
TOLERANCE = 1e-11  # Relative; p-values far out in the tail lose a few digits between versions of SciPy.


def describe(a):
    n, mean, sd = len(a), float(numpy.mean(a)), float(numpy.std(a, ddof=1))
    half = float(stats.t.ppf(0.975, n - 1)) * sd / math.sqrt(n)
    return {
        "mean": mean,
        "sd_sample": sd,
        "sd_population": float(numpy.std(a)),
        "median": float(numpy.median(a)),
        "ci95": [mean - half, mean + half],
    }


def test(result, df):
    return {"t": float(result.statistic), "df": df, "p": float(result.pvalue)}


def figures(case):
    a, b = numpy.array(case["a"]), numpy.array(case["b"])
    n, m = len(a), len(b)
    u, v = a.var(ddof=1) / n, b.var(ddof=1) / m
    pooled_sd = math.sqrt(((n - 1) * a.var(ddof=1) + (m - 1) * b.var(ddof=1)) / (n + m - 2))
    made = {
        **{key: case[key] for key in ("name", "a", "b")},
        "describe_a": describe(a),
        "describe_b": describe(b),
        "pooled": test(stats.ttest_ind(a, b), n + m - 2),
        "welch": test(stats.ttest_ind(a, b, equal_var=False), float((u + v) ** 2 / (u**2 / (n - 1) + v**2 / (m - 1)))),
    }
    if n == m:
        made["paired"] = test(stats.ttest_rel(a, b), n - 1)
    made["cohen_d"] = float((a.mean() - b.mean()) / pooled_sd)
    return made


def holm(p):
    """The k-th smallest of n p-values times n - k + 1, made to rise, at most 1."""
    order = sorted(range(len(p)), key=lambda i: p[i])
    adjusted, largest = [0.0] * len(p), 0.0
    for rank, i in enumerate(order):
        largest = max(largest, min(1.0, (len(p) - rank) * p[i]))
        adjusted[i] = largest
    return {"p": p, "adjusted": adjusted}


def difference(a, b):
    """The largest relative difference of two values of the same structure."""
    if isinstance(a, dict):
        return max((difference(a[key], b[key]) for key in a), default=0) if list(a) == list(b) else math.inf
    if isinstance(a, list):
        return max(map(difference, a, b), default=0) if len(a) == len(b) else math.inf
    if isinstance(a, str):
        return 0 if a == b else math.inf
    return abs(a - b) / (abs(a) or 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare with the file, and write nothing")
    check = parser.parse_args().check
    there = json.loads(FILE.read_text())
    made = {"cases": [figures(case) for case in there["cases"]], "holm": holm(there["holm"]["p"])}
    worst = difference({key: there[key] for key in made}, made)
    if not check:
        source = f"SciPy {scipy.__version__}, NumPy {numpy.__version__}"
        FILE.write_text(json.dumps({"source": source, **made}, indent=1) + "\n")
    print(f"largest relative difference {worst:.1e}; SciPy {scipy.__version__}, NumPy {numpy.__version__}")
    sys.exit(0 if worst <= TOLERANCE or not check else 1)


if __name__ == "__main__":
    main()
