"""What a walk-forward shows: what came out of sample, fold by fold, beside what training had promised.

Everything reads the walk's record and the result of its stitched run; efficiency and stability come as values, for
their formulas belong to research.
"""

from __future__ import annotations

from tradewright.reporting.walk.result import WalkForwardResult

__all__ = ["WalkForwardResult"]
