"""The limits as scalar rules.

A rule file imports `math` and constants and nothing else, under the same discipline as the rules of the exchange. No
policy is chosen here: the numbers come from `risk.limits`.
"""

from __future__ import annotations

__all__: list[str] = []
