"""The edge of the house: files, frames, stores, brokers and notifiers, each behind a port.

Each adapter translates foreign values and foreign errors into the house's own, in one place. No decision about
orders, money or metrics is taken here, and no use case may be imported.
"""

from __future__ import annotations

__all__: list[str] = []
