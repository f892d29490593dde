"""The words of live trading: ids of orders, records of the journal, what venues say, and an order as it stands.

Values only, born valid and plain to write as canonical JSON. What may follow from what is decided in `app.orders`; no
clock, no venue and no file is known here.
"""

from __future__ import annotations

__all__: list[str] = []
