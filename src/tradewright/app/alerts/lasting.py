"""For how long something has been so, as far as this process has seen."""

from __future__ import annotations

from tradewright.domain.timeframe import NS_PER_SECOND

__all__ = ["Since"]


class Since:
    """Remembers since when a thing holds; a process that begins anew counts anew, and is late rather than wrong."""

    def __init__(self) -> None:
        self._since: dict[tuple[str, str], int] = {}

    def holds(self, rule: str, subject: str, *, is_so: bool, after_s: float, now_ns: int) -> bool:
        """Whether it is so, and has been for so many seconds without a break."""
        key = (rule, subject)
        if not is_so:
            self._since.pop(key, None)
            return False
        return now_ns - self._since.setdefault(key, now_ns) >= after_s * NS_PER_SECOND
