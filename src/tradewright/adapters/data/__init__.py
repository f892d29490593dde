"""Where bars come from: files and frames today, each turned into the domain's columns by one shared normalisation.

A reader only opens its format and names its columns; what a stamp means, which rows are impossible and how the
calendar places them is decided once, in `normalise`. No reader guesses, and none repairs.
"""

from __future__ import annotations

__all__: list[str] = []
