"""A program that searches, run by tests that stop it: prints a line when so many trials are kept.

python search_program.py LEDGER OUT METHOD EXECUTOR
"""

from __future__ import annotations

import sys

import tradewright as tw
from tradewright import Param, Strategy
from tradewright import indicators as ta
from tradewright.app.search import rounds


class Cross(Strategy):
    fast = Param(3)
    slow = Param(9)

    def setup(self):
        self.fast_ma = self.use(ta.sma, "close", self.fast)
        self.slow_ma = self.use(ta.sma, "close", self.slow)

    def on_bar(self, ctx):
        if self.fast_ma.crossed_above(self.slow_ma):
            ctx.target_percent(0.5)
        elif self.fast_ma.crossed_below(self.slow_ma):
            ctx.close_position()


def tell(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


rounds._KEEP_EVERY_S = 0.0
ledger, out, method, executor = sys.argv[1:]
search = tw.optimize(
    Cross,
    tw.synthetic_bars(["ACME"], bars=300, seed=3),
    params={"fast": range(2, 8), "slow": range(8, 18)},
    method=method,
    trials=None if method == "grid" else 40,
    prune=0.5 if method == "random" else None,
    engine="python",
    executor=executor,
    workers=2,
    ledger=ledger,
    progress=lambda done, total, best: tell(f"kept {done}"),
)
search.to_json(out)
tell(f"resumed {search.record.meta['resumed']}")
