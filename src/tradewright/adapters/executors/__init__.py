"""Who carries out many evaluations: threads, worker processes, Ray; each behind `tradewright.ports.executor`.

Tasks travel as arguments: nothing here knows what is evaluated, and no use case may be imported.
"""

from __future__ import annotations

__all__: list[str] = []
