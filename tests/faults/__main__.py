"""`python -m tests.faults --runs 10000`: many seeded runs, what they found, and what they covered."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from .script import scenario
from .verdict import breaches
from .world import World


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--profile")
    given = parser.parse_args()
    started, bad, kinds = time.perf_counter(), 0, Counter()
    for seed in range(given.first, given.first + given.runs):
        plan = scenario(seed, given.profile)
        world = World(plan).run()
        found = breaches(world)
        for sentence in found:
            kinds[sentence.split(":")[0]] += 1
        if found:
            bad += 1
            if bad <= 12:
                sys.stdout.write("\n    ".join([plan.name, *found, ""]))
    sys.stdout.write(f"{given.runs} runs, {bad} bad, {dict(kinds)}, {time.perf_counter() - started:.1f} s\n")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
