"""Numbers that stand for words in the rules, where only numbers may go.

They equal the positions of the words in the domain's enumerations; `tests/unit/simulation/test_constants.py` holds the
two together.
"""

from __future__ import annotations

from typing import Final

NAN: Final = float("nan")
INF: Final = float("inf")

DUST: Final = 1e-6
"""Share of a lot below which units are the rounding error of fractional quantities, neither held nor owed."""

LOT_DUST: Final = 1e-12
"""Share of a fill below which what is left of a lot is the rounding error of fractional units, not a holding."""

FIFO: Final = 0
LIFO: Final = 1
HIGHEST_COST: Final = 2

BUY: Final = 1
SELL: Final = -1

MARKET: Final = 0
LIMIT: Final = 1
STOP: Final = 2
STOP_LIMIT: Final = 3
TRAILING: Final = 4
ON_CLOSE: Final = 5

GTC: Final = 0
DAY: Final = 1
IOC: Final = 2
FOK: Final = 3
GTD: Final = 4

PLAIN: Final = 0
STOP_LOSS: Final = 1
TAKE_PROFIT: Final = 2
LIQUIDATION: Final = 3
FINALIZE: Final = 4

AT_OPEN: Final = 0
AT_STOP: Final = 1
AT_LIMIT: Final = 2
BORN: Final = 3
AT_CLOSE: Final = 4
AT_DECISION: Final = 5
OUTSIDE: Final = 6

FILL: Final = 1
CANCELLED: Final = 2
EXPIRED: Final = 3
REJECTED: Final = 4
DIVIDEND: Final = 5
SPLIT: Final = 6
BORROW: Final = 7
INTEREST: Final = 8
EXPIRY: Final = 9
CASH_IN_LIEU: Final = 10
FUNDING: Final = 12
LIMIT_PAUSE: Final = 13
LIMIT_HALT: Final = 14

NO_REASON: Final = 0
CANNOT_BE_PAID: Final = 1
SHORTS_OFF: Final = 2
SIBLING_FILLED: Final = 3
NOTHING_TO_PROTECT: Final = 4
ENTRY_ENDED: Final = 5
BY_STRATEGY: Final = 6
TIME_IN_FORCE: Final = 7
NOT_FILLED_AT_OPEN: Final = 8
ZERO_QUANTITY: Final = 9
MARGIN_CALL: Final = 15
INSTRUMENT_EXPIRED: Final = 16
REPLACED: Final = 20
CUT_DOWN: Final = 21

SLIP_NONE: Final = 0
SLIP_BPS: Final = 1
SLIP_SPREAD: Final = 2
SLIP_VOLUME_SHARE: Final = 3
SLIP_SQUARE_ROOT: Final = 4
SLIP_ENTRY: Final = 5

HAS_REST: Final = 1
HAS_STOP: Final = 2
HAS_LIMIT: Final = 4
HAS_CLOSE: Final = 8
HAS_TRAIL: Final = 16
HAS_CLOCK: Final = 32

WORST: Final = 0
OHLC: Final = 1
