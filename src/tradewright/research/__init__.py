"""What a search is worth: parameter spaces, windows of time, and the statistics of having tried much.

Samplers name what to try, windows say on which rows, and the tests of overfitting, chance and stability judge what came
out. Everything is pure: arrays, values and generators in, values out. Strategies, bars as a whole, clocks, files and
the running of anything may not enter.
"""

from __future__ import annotations

__all__: list[str] = []
